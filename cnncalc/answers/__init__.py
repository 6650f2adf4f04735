"""Homework: answers graded, slips named, questions asked the other way round."""
