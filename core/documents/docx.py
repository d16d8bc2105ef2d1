"""A document as a Word file, from right to left where its language is read so."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from core.documents.blocks import Block, Bullets, Document, Facts, Heading, Paragraph, Picture, Table
from core.documents.drawn import png
from core.documents.reading import direction_of
from core.languages import direction

ACCENT, QUIET, WARN = "0B6E6E", "5C636A", "A3420E"
WIDTH_CM = 17.0


def docx(document: Document) -> bytes:
    """The file; each paragraph takes the direction of its own first letter."""
    return _Writer(document).written()


class _Writer:
    def __init__(self, document: Document) -> None:
        import docx as word

        self.document = document
        self.direction = direction(document.language)
        self.file = word.Document()
        self._page()

    def written(self) -> bytes:
        self._line(self.file.add_paragraph(style="Title"), self.document.title)
        self._line(self.file.add_paragraph(style="Subtitle"), self.document.subtitle)
        for block in self.document.blocks:
            self._block(block)
        self._line(self.file.sections[0].footer.paragraphs[0], self.document.note)
        stream = BytesIO()
        self.file.save(stream)
        return stream.getvalue()

    def _page(self) -> None:
        from docx.shared import Cm, Pt, RGBColor

        section = self.file.sections[0]
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.0)
        normal = self.file.styles["Normal"]
        normal.font.name, normal.font.size = "Noto Sans", Pt(10.5)
        for name in ("Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4"):
            style = self.file.styles[name]
            style.font.name, style.font.color.rgb = "Noto Sans", RGBColor.from_string(ACCENT)
        core = self.file.core_properties
        core.title, core.author, core.language = self.document.title, "", self.document.language

    def _block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self._line(self.file.add_paragraph(style=f"Heading {block.level - 1}"), block.text)
        elif isinstance(block, Paragraph):
            self._line(self.file.add_paragraph(), block.text, block.tone)
        elif isinstance(block, Bullets):
            for item in block.items:
                self._line(self.file.add_paragraph(style="List Bullet"), item)
        elif isinstance(block, Facts):
            self._table([], block.rows)
        elif isinstance(block, Table):
            self._line(self.file.add_paragraph(), block.title, "aside")
            self._table(block.head, block.rows)
        else:
            self._picture(block)

    def _picture(self, block: Picture) -> None:
        from docx.shared import Cm

        self.file.add_picture(BytesIO(png(block.svg)), width=Cm(WIDTH_CM))
        drawn = self.file.inline_shapes[-1]._inline.docPr
        drawn.set("descr", block.said)
        self._line(self.file.add_paragraph(), block.said, "aside")

    def _table(self, head: Any, rows: Any) -> None:
        if not rows:
            return
        table = self.file.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
        if self.direction == "rtl":
            mirrored = table._tbl.makeelement(_name("w:bidiVisual"), {})
            table._tbl.tblPr.insert(1, mirrored)  # Word wants it right behind the style
        if head:
            cells = table.add_row().cells
            for cell, text in zip(cells, head, strict=True):
                self._line(cell.paragraphs[0], text, "strong")
            _mark(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
        for row in rows:
            for number, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
                self._line(cell.paragraphs[0], text, "strong" if number == 0 else "plain")
        self.file.add_paragraph()

    def _line(self, paragraph: Any, text: str, tone: str = "plain") -> None:
        from docx.shared import Pt, RGBColor

        for number, part in enumerate(text.split("\n")):
            run = paragraph.add_run(part)
            if number:
                run._r.insert(0, run._r.makeelement(_name("w:br"), {}))
            if tone == "aside":
                run.font.size, run.font.color.rgb = Pt(9), RGBColor.from_string(QUIET)
            elif tone == "notice":
                run.font.bold, run.font.color.rgb = True, RGBColor.from_string(WARN)
            elif tone == "strong":
                run.font.bold = True
            if direction_of(text, self.direction) == "rtl":
                _mark(run._r.get_or_add_rPr(), "w:rtl")
        if direction_of(text, self.direction) == "rtl":
            _mark(paragraph._p.get_or_add_pPr(), "w:bidi")


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    found: str = qn(tag)
    return found


def _mark(element: Any, tag: str) -> None:
    element.append(element.makeelement(_name(tag), {}))
