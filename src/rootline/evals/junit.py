"""A suite as a JUnit file: a case fails where the first answer is wrong."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rootline.evals.suite import Line, Verdict


def junit_report(suite: str, predictions: Sequence[Line], verdicts: Sequence[Verdict]) -> str:
    """Write one test case a case, with its scores."""
    took = {one.case: one.cpu_s for one in predictions}
    wrong = sum(not one.right for one in verdicts)
    root = Element("testsuite", name=suite, tests=str(len(verdicts)), failures=str(wrong))
    for one in verdicts:
        case = SubElement(root, "testcase", classname=suite, name=one.case, time=str(took.get(one.case, 0.0)))
        if not one.right:
            told = ", ".join(f"{name} {value:g}" for name, value in one.numbers.items())
            SubElement(case, "failure", message=f"the first answer is wrong: {told}")
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"
