"""Grades a class by the rules of one worksheet: students give answers, nothing else."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

from cnncalc.answers.answer_sheet import is_sheet, read_sheet
from cnncalc.answers.grade import RIGHT, UNCLEAR, WRONG, Grader, Verdict, any_combination, decide
from cnncalc.answers.graded import Graded, possible, worth
from cnncalc.answers.quantities import ALIASES
from cnncalc.answers.questions import Answer
from cnncalc.answers.slips import OUT_OF_BUDGET, slips
from cnncalc.answers.submissions import files
from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.limits import LIMITS, Meter
from cnncalc.spec.reader import Mapping, read_file

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from collections.abc import Sequence

    from cnncalc.answers.questions import AnswerSheet, Question
    from cnncalc.answers.slips import FoundSlip
    from cnncalc.answers.submissions import GivenAnswer, Submission

EXTRA = 20  # problems of one student that are listed


class ClassGrader:
    """Grades submissions against a worksheet; equal answers to a question are judged once."""

    def __init__(self, path: str, grader: Grader | None = None, *, hide: bool) -> None:
        self.grader = grader or Grader()
        self.worksheet = read_sheet(path, self.grader.known)
        self.key = self.grader.grade(self.worksheet)
        self.hide = hide
        self.slip_meters = [Meter(operations=LIMITS.several) for _ in self.key]  # what a worksheet asks is the teacher's
        self.judged: dict[tuple[int, str], tuple[Verdict, Sequence[FoundSlip]]] = {}  # by index in the key and text

    def grade(self, submission: Submission) -> Graded:
        """Return the verdicts of one student; what is not answered is unclear, what is not asked is a problem."""
        self.grader.renew()
        given, problems = matched(submission, self.worksheet)
        verdicts: list[Verdict] = []
        why: dict[int, Sequence[FoundSlip]] = {}
        for i, key in enumerate(self.key):
            texts = {each.text for each in given.get((key.question.id, key.answer.metric), ())}
            verdict, why[i] = self._judge(i, key, texts.pop() if len(texts) == 1 else "")
            if texts:
                verdict = self._empty(key)
                verdict.reason = "more than one answer is given"
            verdicts.append(verdict)
        for question in self.worksheet.questions:
            at = [i for i, each in enumerate(verdicts) if each.question is question]
            verdicts[at[0] : at[-1] + 1] = any_combination([verdicts[i] for i in at])
            why.update({i: () for i in at if verdicts[i].verdict == RIGHT})
        problems = [*submission.problems, *problems]
        student, variant = submission.student, submission.variant
        return Graded(self.worksheet, verdicts, why, hide=self.hide, student=student, variant=variant, problems=problems)

    def _empty(self, key: Verdict, text: str = "") -> Verdict:
        """Return a verdict that is not decided yet, with the computed value of the key."""
        verdict = Verdict(key.question, Answer(key.quantity, text, key.answer.node), key.report, key.row)
        verdict.computed, verdict.parts = key.computed, key.parts
        return verdict

    def _judge(self, i: int, key: Verdict, text: str) -> tuple[Verdict, Sequence[FoundSlip]]:
        if (i, text) not in self.judged:
            verdict = self._empty(key, text)
            decide(verdict, self.grader.meter)
            found = slips(verdict, self.grader, hide=self.hide, meter=self.slip_meters[i]) if verdict.verdict == WRONG else []
            if any(slip.words == OUT_OF_BUDGET for slip in found):  # another student may have work left
                return verdict, found
            self.judged[i, text] = verdict, found
        return self.judged[i, text]


class VariantsGrader:
    """Grades each submission by its variant of a worksheet; the variants are the sheets of a folder."""

    def __init__(self, folder: str, *, hide: bool) -> None:
        self.hide = hide
        self.paths = variants(folder)
        if not self.paths:
            raise SpecError(Problem(f"{folder}: no worksheets with a variant in this folder", hint="`cnncalc quiz --variants` writes them"))
        self.grader = Grader()  # variants ask about the same networks
        self.graders: dict[str, ClassGrader] = {}
        self.worksheet = self._grader(next(iter(self.paths))).worksheet

    def grade(self, submission: Submission) -> Graded:
        """Return the verdicts of one student; without a known variant there are no points."""
        if submission.variant in self.paths:
            return self._grader(submission.variant).grade(submission)
        message = f"no variant {submission.variant!r}" if submission.variant else "which variant? none is named"
        submission.problems.append(Problem(f"{submission.student}: {message}", hint="a sheet has a key variant: 7, CSV a row or a column"))
        submission.answers.clear()
        return next(iter(self.graders.values())).grade(submission)

    def _grader(self, variant: str) -> ClassGrader:
        if variant not in self.graders:
            self.graders[variant] = ClassGrader(self.paths[variant], self.grader, hide=self.hide)
        return self.graders[variant]


def variants(folder: str) -> dict[str, str]:
    """Return the sheets of a folder by their variant; of a worksheet and its key the first is taken, they ask the same."""
    found: dict[str, str] = {}
    for path in files([folder]):
        if path.endswith((".yaml", ".yml")):
            _, tree = read_file(path)
            keys = {key.text: value for key, value in zip(tree.keys, tree.values, strict=True)} if isinstance(tree, Mapping) else {}
            variant = getattr(keys.get("variant"), "text", "")
            if variant and is_sheet(tree):
                found.setdefault(variant, path)
    return found


def matched(submission: Submission, sheet: AnswerSheet) -> tuple[Dict[tuple[str, str], list[GivenAnswer]], list[Problem]]:
    """Return the answers by question and metric, and those that the worksheet does not ask for or that are given twice."""
    found: dict[tuple[str, str], list[GivenAnswer]] = {}
    problems: list[Problem] = []
    known = {question.id.lower(): question for question in sheet.questions}
    for each in submission.answers:
        question, quantity = _question(each, sheet, known)
        if question is None:
            hint = suggestion(each.question, [question.id for question in sheet.questions]) or "this answer does not count"
            problems.append(Problem(f"the worksheet has no question {each.question!r}", each.span, hint))
            continue
        metric = _metric(question, quantity)
        if metric is None:
            asked = ", ".join(answer.quantity for answer in question.answers)
            message = f"{question.id} does not ask for {quantity!r}" if quantity else f"{question.id} asks for several things"
            problems.append(Problem(message, each.span, f"it asks for {asked}"))
            continue
        same = found.setdefault((question.id, metric), [])
        if same:
            problems.append(Problem(f"a second answer to {question.id}", each.span, "one answer counts; two that differ are not graded"))
        same.append(each)
    if len(problems) > EXTRA:
        problems[EXTRA:] = [Problem(f"{len(problems) - EXTRA} more answers do not count", problems[EXTRA].span)]
    return found, problems


def _question(answer: GivenAnswer, sheet: AnswerSheet, known: Dict[str, Question]) -> tuple[Question | None, str]:
    """Return the question and quantity for an id, an id with a quantity (q3.params), or a number."""
    id = answer.question.strip().lower()
    head, _, tail = id.rpartition(".")
    if id in known:
        return known[id], answer.quantity
    if head in known:
        return known[head], tail
    if id.isascii() and id.isdecimal() and len(id) < 9 and 0 < int(id) <= len(sheet.questions):
        return sheet.questions[int(id) - 1], answer.quantity
    return None, ""


def _metric(question: Question, quantity: str) -> str | None:
    """Return the metric among those asked for; optional if there is only one."""
    metrics = [answer.metric for answer in question.answers]
    name = ALIASES.get(quantity, quantity)
    return name if name in metrics else metrics[0] if not quantity and len(metrics) == 1 else None


class Gradebook:
    """All students of a class, and the statistics of its questions."""

    def __init__(self, worksheet: AnswerSheet, students: Sequence[Graded], broken: Dict[str, SpecError]) -> None:
        self.worksheet = worksheet
        self.students = students
        self.broken = broken  # by file

    @property
    def problems(self) -> list[Problem]:
        """The problems of the students' files, each once."""
        listed = [problem for student in self.students for problem in student.problems]
        listed += duplicates(self.students)
        return list({(problem.place, problem.message): problem for problem in listed}.values())

    @property
    def mean(self) -> Fraction:
        """The mean of the points."""
        return average([student.points for student in self.students])

    @property
    def of(self) -> Fraction:
        """The points that are possible."""
        return possible(self.worksheet)

    def mean_of(self, question: Question) -> Fraction:
        """Return the mean points of a question."""
        return average([student.won(question) for student in self.students])

    def right(self, question: Question) -> int:
        """Return the number of students who have all of a question right."""
        return sum(question.id not in student.missed for student in self.students)

    def slips(self, question: Question) -> Counter[str]:
        """Return how often each slip was made in a question; a student who may have made one of several counts for each."""
        return Counter(
            tag
            for student in self.students
            for tag in dict.fromkeys(  # in this order, unlike a set
                slip.tag
                for i, each in enumerate(student.verdicts)
                if each.question.id == question.id
                for slip in student.slips[i]
                if slip.tag
            )
        )

    def unclear(self) -> bool:
        """Return whether an answer is wrong or unclear."""
        return any(student.count(WRONG) or student.count(UNCLEAR) for student in self.students)


def average(values: Sequence[Fraction]) -> Fraction:
    """Return the mean; 0 of nothing."""
    return sum(values, start=Fraction(0)) / len(values) if values else Fraction(0)


def difficulty(mean: Fraction, question: Question) -> Fraction:
    """Return the difficulty index of item analysis: the share of a question's points that was reached."""
    return mean / worth(question) if worth(question) else Fraction(1)


def duplicates(students: Sequence[Graded]) -> list[Problem]:
    """Return a problem for each name that several students have."""
    counts = Counter(student.student for student in students)
    return [Problem(f"{count} students are called {name!r}") for name, count in counts.items() if count > 1]
