"""Writes the workbooks among the cases: messy ones, as offices make them.

Run by hand in internal/ingest/testdata after a change, with a Python that has
openpyxl, msoffcrypto and uno (LibreOffice): python3 make_sheets.py [case ...]
The files it writes are committed; tests need neither Python nor LibreOffice.
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile
import time

import openpyxl
import openpyxl.comments
import openpyxl.styles

CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases")
ONLY = sys.argv[1:]


def case(name, extension, options=None):
    """The path of a case's input, None where another case was asked for."""
    if ONLY and name not in ONLY:
        return None
    folder = os.path.join(CASES, name)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "options.json"), "w") as f:
        json.dump(options or {}, f, ensure_ascii=False)
        f.write("\n")
    return os.path.join(folder, "input." + extension)


def yearbook():
    """A yearbook sheet: blank row and column in front, merged titles, names spread
    by blanks, numbers as text, comments, empty cells with borders."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "2-15"
    sheet["B2"] = "R&D经费内部支出"
    sheet.merge_cells("B2:F2")
    sheet["B2"].font = openpyxl.styles.Font(name="黑体", size=16, bold=True)
    sheet["F3"] = "单位：亿元"
    for col, text in enumerate(["地   区", "2020年", "2021年", "2022年", "2023年"], 2):
        sheet.cell(4, col, text)
    rows = [
        ("全   国", 24393.1, 27956.3, 30782.9, 33357.1),
        ("北   京", 2326.6, 2629.3, 2843.3, "2947.1"),
        ("天　　津", 485.0, 574.3, 568.7, 599.2),
        ("内 蒙 古", 161.1, 190.1, 209.5, "—"),
        ("福   建", 842.4, 968.7, 1082.1, 1171.7),
        ("广   东", 3479.9, 4002.2, 4411.9, 4802.6),
    ]
    for n, row in enumerate(rows, 5):
        for col, value in enumerate(row, 2):
            cell = sheet.cell(n, col, value)
            cell.number_format = "General" if col == 2 else "#,##0"
    sheet["F6"].alignment = openpyxl.styles.Alignment(horizontal="right")
    sheet["F9"].comment = openpyxl.comments.Comment("2023年为快报数", "张三")
    sheet["D6"].font = openpyxl.styles.Font(color="FF0000")
    side = openpyxl.styles.Side(style="thin")
    for n in range(4, 40):  # borders far beyond the data
        for col in range(2, 16):
            sheet.cell(n, col).border = openpyxl.styles.Border(top=side, bottom=side)
    sheet["B12"] = "注：本表按当年价格计算。"
    sheet.merge_cells("B12:F12")
    return book


def number_formats():
    """A long table whose cells show other texts than they hold."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "数据"
    sheet.append(["地区", "年份", "指标", "数值", "单位", "备注"])
    date = datetime.date
    rows = [
        # region, year, its format, indicator, value, its format, unit, remark
        ("北京", 2023, "General", "rd_spend", 2947.1, "#,##0", "亿元", "显示为 2,947"),
        ("天津", date(2023, 12, 31), "yyyy", "rd_spend", 599.2, "0.00", "亿元", "年份是日期"),
        ("河北", date(2023, 1, 1), 'yyyy"年"', "rd_spend", 912.1, "General", "亿元", "年份是日期"),
        ("山西", 2023, "yyyy", "rd_spend", 298.2, "General", "亿元", "年份被设为日期格式"),
        ("内蒙古", 2023, '0"年"', "rd_spend", 228.1, '0.0"亿元"', None, "单位在格式里"),
        ("辽宁", 2023, "General", "rd_intensity", 0.0226, "0.00%", "%", "显示为 2.26%"),
        ("吉林", 2023, "General", "rd_intensity", 0.0150, "0.00%", None, "显示为 1.50%"),
        ("黑龙江", 2023, "General", "rd_intensity", 1.46, "0.00", "%", "已是百分数"),
        ("上海", 2023, "General", "rd_intensity", 0.0434, "0.00%", "亿元", "单位矛盾"),
        ("江苏", 2023, "General", "rd_spend", 42120000, '0!.0000,"万"', "亿元", "缩放"),
        ("浙江", 2023, "General", "rd_spend", 2640.2, "#,##0.0,", "亿元", "缩放"),
        ("安徽", 2023, "General", "rd_spend", date(2024, 1, 2), "m/d", "亿元", "1-2 变成日期"),
        ("福建", 2023, "General", "rd_spend", True, "General", "亿元", "逻辑值"),
        ("江西", 2023, "General", "rd_spend", "=D2*2", "General", "亿元", "没有算过的公式"),
        ("山东", 2023, "General", "rd_spend", "#DIV/0!", "General", "亿元", "出错"),
        ("河南", 2023, "General", "rd_spend", "#N/A", "General", "亿元", "出错"),
        ("湖北", 2023, "General", "rd_spend", "1,408.2 ", "@", "亿元", "文本"),
        ("湖南", 2023, "General", "rd_spend", 0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "亿元", "零显示为 -"),
        ("广东", 2023, "General", "rd_spend", 4802.600000000001, "General", "亿元", "浮点尾数"),
    ]
    for n, (region, year, year_format, code, value, value_format, unit, remark) in enumerate(rows, 2):
        for col, v in enumerate([region, year, code, value, unit, remark], 1):
            sheet.cell(n, col, v)
        sheet.cell(n, 2).number_format = year_format
        sheet.cell(n, 4).number_format = value_format
    return book


def several_sheets():
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active["A1"] = "本表由各省统计局报送。"
    for year, hidden in (("2021", True), ("2022", False), ("2023", False)):
        sheet = book.create_sheet(year + "年")
        sheet.append(["地区", "数值"])
        for region, value in (("北京", 2947.1), ("福建", 1171.7)):
            sheet.append([region, value + int(year)])
        sheet.sheet_state = "hidden" if hidden else "visible"
    book.create_sheet("Sheet1")
    return book


def hidden_sheet():
    book = several_sheets()
    book["2022年"].sheet_state = "veryHidden"
    return book


def merged():
    """Regions merged over years, a header over two columns, values in merged cells."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["地区", "年份", "数值", "单位"])
    rows = [
        ("北京", 2022, 2843.3, "亿元"), (None, 2023, 2947.1, None),
        ("天津", 2022, 568.7, "亿元"), (None, 2023, None, None),
        ("福建", 2023, 1171.7, "亿元"), (None, None, None, None),
        ("广东", 2022, 4411.9, "亿元"), ("江西", None, 558.2, "亿元"),
    ]
    for row in rows:
        sheet.append(row)
    for area in ("A2:A3", "D2:D3", "A4:A5", "C4:C5", "D4:D5", "A6:A7", "B6:B7", "C6:C7", "D6:D7", "B8:B9"):
        sheet.merge_cells(area)
    return book


def rich():
    """Texts in several fonts, with a raised footnote sign behind a name and a number."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    book = openpyxl.Workbook()
    raised = InlineFont(vertAlign="superscript")
    sheet = book.active
    sheet.append(["指标：R&D经费(亿元)"])
    sheet.append(["地区", "2022年", CellRichText("2023", TextBlock(InlineFont(b=True), "年"))])
    sheet.append(["北京", 2843.3, CellRichText("2947.1", TextBlock(raised, "1"))])
    sheet.append([CellRichText(TextBlock(InlineFont(color="FF0000"), "福"), "建"), 1082.1, 1171.7])
    return book


class Office:
    """A LibreOffice that is started when it is first needed."""

    desktop = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.desktop:
            try:
                self.desktop.terminate()
            except Exception:
                pass
            self.process.wait(30)

    def start(self):
        import uno
        self.profile = tempfile.mkdtemp()
        self.process = subprocess.Popen(
            ["soffice", "--headless", "--norestore", "-env:UserInstallation=file://" + self.profile,
             "--accept=pipe,name=dabiao_cases;urp;"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        context = uno.getComponentContext()
        resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
        for _ in range(240):
            try:
                remote = resolver.resolve("uno:pipe,name=dabiao_cases;urp;StarOffice.ComponentContext")
                break
            except Exception:
                time.sleep(0.5)
        self.desktop = remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)

    def convert(self, source, target, kind, **more):
        import uno  # before what it makes importable
        from com.sun.star.beans import PropertyValue
        if target is None:
            return
        if not self.desktop:
            self.start()

        def property(name, value):
            p = PropertyValue()
            p.Name, p.Value = name, value
            return p
        document = self.desktop.loadComponentFromURL("file://" + source, "_blank", 0, (property("Hidden", True),))
        document.calculateAll()
        document.storeToURL("file://" + target, tuple(
            property(k, v) for k, v in {"FilterName": kind, "Overwrite": True, **more}.items()))
        document.close(True)


def main():
    with Office() as office, tempfile.TemporaryDirectory() as folder:
        made = {}
        for make in (yearbook, number_formats, several_sheets, hidden_sheet, merged, rich):
            made[make] = os.path.join(folder, make.__name__ + ".xlsx")
            make().save(made[make])
        for name, make, options in (
            ("xlsx_yearbook", yearbook, None),
            ("xlsx_number_formats", number_formats, None),
            ("xlsx_several_sheets", several_sheets, {"indicator": "rd_spend", "unit": "亿元", "year": "2023"}),
            ("xlsx_sheet_by_name", several_sheets, {"sheet": "2023 年", "indicator": "rd_spend", "unit": "亿元", "year": "2023"}),
            ("xlsx_sheet_unknown", several_sheets, {"sheet": "2024年"}),
            ("xlsx_hidden_sheet", hidden_sheet, {"indicator": "rd_spend", "unit": "亿元", "year": "2023"}),
            ("xlsx_merged", merged, {"indicator": "rd_spend"}),
            ("xlsx_rich_text", rich, None),
        ):
            path = case(name, "xlsx", options)
            if path:
                make().save(path)
        xls, xlsx = "MS Excel 97", "Calc MS Excel 2007 XML"
        office.convert(made[yearbook], case("xlsx_libreoffice", "xlsx"), xlsx)
        office.convert(made[yearbook], case("xls_yearbook", "xls"), xls)
        office.convert(made[yearbook], case("xls_builtin_password", "xls"), xls, Password="VelvetSweatshop")
        office.convert(made[yearbook], case("bad_xls_password", "xls"), xls, Password="s3cret")
        path = case("bad_xlsx_password", "xlsx")
        if path:
            from msoffcrypto.format.ooxml import OOXMLFile
            with open(made[yearbook], "rb") as plain, open(path, "wb") as out:
                OOXMLFile(plain).encrypt("s3cret", out)
        office.convert(made[number_formats], case("xls_number_formats", "xls"), xls)
        office.convert(made[several_sheets], case("xls_sheet_by_number", "xls", {"sheet": "4", "indicator": "rd_spend", "unit": "亿元", "year": "2023"}), xls)
        office.convert(made[rich], case("xls_rich_text", "xls"), xls)
        office.convert(made[merged], case("xls_merged", "xls", {"indicator": "rd_spend"}), xls)
        office.convert(made[yearbook], case("html_libreoffice", "xls"), "HTML (StarCalc)")
        office.convert(made[yearbook], case("bad_ods", "ods"), "calc8")


main()
