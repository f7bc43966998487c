"""A course as a package for learning platforms: SCORM 1.2 (Advanced Distributed Learning, 2001)."""

import io
import zipfile
from html import escape
from pathlib import Path

from nngen.common import files
from nngen.learning.course.pages import Course

MAX_SUSPENDED = 4_096
"""Characters that a platform keeps between two visits."""

_LAUNCH = "scorm.html"
"""The page that a learning platform opens."""

_DATE = (2026, 1, 1, 0, 0, 0)
"""The date of all files, so that the same course gives the same bytes."""

_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="nngen_course" version="1.0"
  xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="course">
    <organization identifier="course">
      <title>{title}</title>
      <item identifier="all" identifierref="pages"><title>{title}</title></item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="pages" type="webcontent" adlcp:scormtype="sco" href="{launch}">
{files}
    </resource>
  </resources>
</manifest>
"""


def package(course: Course, path: Path) -> bytes:
    """The archive of a course for students: all its pages are one object that a platform opens.

    Raises:
        SpecError: what learners do has no room in the platform; ``path`` is that of the archive.
    """
    needed = 10 + sum(10 + len(one["asks"]) for one in course.questions.values())
    if needed > MAX_SUSPENDED:
        message = f"a platform keeps {MAX_SUSPENDED:,} characters, and this course needs {needed:,} for its questions"
        raise files.refused(path, message, "make a package of fewer lessons")
    pages = {_LAUNCH: course.launch, **course.pages}
    listed = "\n".join(f'      <file href="{escape(name)}"/>' for name in pages)
    manifest = _MANIFEST.format(title=escape(course.title), launch=_LAUNCH, files=listed)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in {"imsmanifest.xml": manifest, **pages}.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), text.encode(), zipfile.ZIP_DEFLATED, 9)
    return made.getvalue()
