"""Homework: answer sheets graded, slips named, worksheets made, layers solved for."""
