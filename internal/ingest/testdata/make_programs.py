"""Writes the cases of what programs other than a spreadsheet put into files.

Run by hand in internal/ingest/testdata, with a Python that has openpyxl,
XlsxWriter and xlwt: python3 make_programs.py [case ...]
The files it writes are committed; tests need no Python.
"""

import base64
import json
import os
import quopri
import sys

import openpyxl
import xlsxwriter
import xlwt

CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases")
ONLY = sys.argv[1:]


def case(name, extension, **options):
    """The path of a case's input, None where another case was asked for."""
    if ONLY and name not in ONLY:
        return None
    folder = os.path.join(CASES, name)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "options.json"), "w") as f:
        json.dump(options, f, ensure_ascii=False)
        f.write("\n")
    return os.path.join(folder, "input." + extension)


def text(name, extension, content, encoding="utf-8", **options):
    if path := case(name, extension, **options):
        with open(path, "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode(encoding))


def sheet(name, rows, formats=None, **options):
    """A workbook of one sheet with number formats by cell."""
    if path := case(name, "xlsx", **options):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        for cell, code in (formats or {}).items():
            book.active[cell].number_format = code
        book.save(path)


# Formats of the Chinese edition: figures in Chinese characters, colours before
# General, ten thousands drawn in from a certain size on.
sheet("xlsx_formats_around_general",
      [["单位：亿元"], ["地区", "2022年", "2023年"], ["北京", 8, 12.5], ["天津", 7.5, 12345], ["上海", 3, 16]],
      {"B3": "[DBNum1][$-804]General", "C3": "[Red]General;-General", "B4": '_(General"亿元"_)', "C4": '[<10000]0;0!.0,"万"', "B5": "[DBNum2][$-804]G/通用格式"},
      indicator="gdp")


def never_calculated():
    """Programs that write formulas without calculating them: the results are
    zeros (XlsxWriter) or empty texts (xlwt), to be calculated when the file is opened."""
    rows = [["地区", "年份", "GDP(亿元)"], ["北京", 2022, 100], ["北京", 2023, "=C2*1.05"], ["天津", 2023, 0]]
    if path := case("xlsx_never_calculated", "xlsx"):
        book = xlsxwriter.Workbook(path)
        page = book.add_worksheet()
        for n, row in enumerate(rows):
            page.write_row(n, 0, row)
        book.close()
    if path := case("xls_never_calculated", "xls"):
        book = xlwt.Workbook(encoding="utf-8")
        page = book.add_sheet("数据")
        for n, row in enumerate(rows):
            for col, value in enumerate(row):
                page.write(n, col, xlwt.Formula(value[1:]) if str(value).startswith("=") else value)
        book.save(path)


never_calculated()

# A page of LibreOffice with the stored numbers beside the shown ones: thousands
# left out, an exponent, a negative number in brackets, a year that is a date.
text("html_stored_numbers", "html", """<!DOCTYPE html><html><head><meta charset="utf-8"/></head><body><table>
<tr><td>地区</td><td sdval="44562" sdnum="1033;0;YYYY">2022</td><td sdval="44927" sdnum="1033;0;YYYY">2023</td></tr>
<tr><td>北京</td><td sdval="12345.678" sdnum="1033;0;#,##0.0">12,345.7</td><td sdval="12345.678" sdnum="1033;0;#,##0,">12</td></tr>
<tr><td>天津</td><td sdval="12345" sdnum="1033;0;0.00E+00">1.23E+04</td><td sdval="-12.5" sdnum="1033;0;0.00_);(0.00)">(12.50)</td></tr>
</table></body></html>
""", indicator="gdp", unit="亿元")

# Codes and names in one cell. A code that is another region's is no remark.
sheet("names_with_codes",
      [["地区", "年份", "R&D经费(亿元)"], ["350000 福建省", 2023, 1], ["110000-北京市", 2023, 2], ["上海市（310000）", 2023, 3], ["35福建", 2022, 4],
       ["天津市（110000）", 2023, 5], ["110000 天津市", 2023, 6], ["01 重庆", 2023, 7], ["重庆(1)", 2022, 8], ["福州市(350100)", 2023, 9], ["350102000000鼓楼区", 2023, 10]])

# SDMX-CSV and data bases: values in powers of ten of their unit.
text("sdmx_unit_multiplier", "csv", """DATAFLOW,FREQ,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT,OBS_STATUS
NBS:DF(1.0),A,CN-BJ,gdp,2022,41540.9,元,8,A
NBS:DF(1.0),A,CN-TJ,gdp,2022,16132.2,亿元,0,P
NBS:DF(1.0),A,CN-SH,gdp,2022,44652800,元,4,A
NBS:DF(1.0),A,CN-FJ,gdp,2022,53109.9,亿元,,A
NBS:DF(1.0),A,CN-GX,gdp,2022,26300.9,元,Billions,A
NBS:DF(1.0),A,CN-HI,gdp,2022,6818.2,元,亿,A
""")

# Text with the separators and quotes of other programs.
text("csv_pipes", "txt", "地区|年份|GDP(亿元)\n北京|2023|43,760.7\n天津|2023|—\n")
text("csv_blanks_before_quotes", "csv", '\ufeff\ufeff地区, "年份", "GDP(亿元)"\r\n"北京", "2023", "43,760.7"\r\n "天津" , "2023" , "16,737.3" \r\n', )
text("csv_codes_as_formulas", "csv", '="代码",="年份",="GDP(亿元)"\r\n="350000",="2023",="54355.1"\r\n"=""110000""",="2023",43760.7\r\n')
text("tsv_under_a_title_of_commas", "tsv", "福建省,福州市,厦门市,莆田市,三明市,泉州市,漳州市,南平市,龙岩市,宁德市\n地区\t2022年\t2023年\n福州\t12,308.2\t12,928.5\n厦门\t7,802.7\t8,066.5\n",
     indicator="gdp", unit="亿元")
text("csv_decimal_commas", "csv", "Region;2021;2022;2023\nBeijing;6,53;6,83;6,730\nTianjin;3,66;3,490;—\nFujian;1,980;2,04%;2.16\nHainan;1,234,567;1,234.5;12\n", indicator="rd_intensity", unit="%")

# Text that is no table, and tables that are not parted.
text("bad_sylk", "slk", "ID;PWXL;N;E\r\nC;Y1;X1;K\"region\"\r\nE\r\n")
text("bad_dif", "dif", "TABLE\r\n0,1\r\n\"EXCEL\"\r\nVECTORS\r\n0,2\r\n")
text("bad_columns_of_blanks", "prn", "地区          2022年      2023年\n北京          41540.9     43760.7\n天津          16132.2     16737.3\n", indicator="gdp", unit="亿元")

# Periods down the rows, as tables and data bases write them.
sheet("periods_down_with_signs",
      [["年份", "GDP(亿元)"], ["2019年①", 1], ["2020年（初步）", 2], ["2021p", 3], ["2022年E", 4], ["1Q2023", 5], ["2023年Ⅱ季度", 6], ["2023年III季度", 7], ["2023H1", 8],
       ["2024M2", 9], ["2024年9月末", 10], ["2024年9月累计", 11], ["2024-12-31", 12], ["2024年11月30日", 13], ["20241031", 14], ["年均增长（%）", 5.1], ["2020年比2019年增长%", 5.2],
       ["2024年同比", 5.3], ["2024年增速（%）", 5.4], ["2025年目标", 15], ["注：①为普查后修订数", None]], region="福建")
sheet("rows_of_changes",
      [["指标", "数据状态", "2022年", "2023年（初步）"], ["地区生产总值（亿元）", None, 100, 110], ["  比上年增长（%）", None, 5.1, 5.2], ["R&D经费（亿元）", "P", 3, 4],
       ["同比增速", None, "3%", "4%"], ["其中：企业", None, 2, 3]], region="福建")

# The foot of an official form, columns of totals beside the years, a column of
# codes that a program made fractions, signs of data bases for no value.
sheet("form_with_signatures",
      [["表    号：工信统3表"], ["指标名称", "计量单位", "代码", "2023年"], ["甲", "乙", "丙", 1], ["地区生产总值", "亿元", "01", 54355.1], ["R&D经费", "万元", "02", 11717000],
       ["单位负责人：张三", "统计负责人：李四", "填表人：王五", "报出日期：2024年1月5日"], ["说明：本表由各设区市填报。"]], region="福建")
sheet("columns_of_totals", [["地区", "2022年", "2023年", "年均增长", "合计", "平均"], ["北京", 1, 2, 3, 3, 1.5], ["天津", 3, 4, 3, 7, 3.5]], indicator="gdp", unit="亿元")
text("csv_codes_made_fractions", "csv", ",code,year,gdp\n0,110000.0,2022.0,41540.9\n1,120000.0,2022.0,.\n2,350000.0,2022.0,:\n3,310000.0,2022.0,─\n4,440000.0,2022.0,(空白)\n", unit="亿元")
sheet("block_without_values", [["表1 各地区R&D经费"], ["单位：亿元"], [None, "2022年", "2023年"], ["北京", 1, 2], ["天津", 3, 4], [None],
                               ["表2 各地区R&D人员全时当量"], ["单位：人年"], [None, "2022年", "2023年"], ["北京"], ["天津"]])


def mhtml():
    """A workbook that Excel saved as a “single file web page” under the name .xls: a
    page of frames, two sheets, the names of the sheets, a style sheet; and a page
    that a browser saved."""
    def part(location, kind, body, encoding="quoted-printable"):
        body = quopri.encodestring(body.encode("gb18030")).decode() if encoding == "quoted-printable" else base64.encodebytes(body.encode()).decode()
        head = f"------=_NextPart_01DA\nContent-Location: file:///C:/3F2A/{location}\nContent-Transfer-Encoding: {encoding}\nContent-Type: {kind}\n\n"
        return head + body + "\n\n"

    page = '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv=Content-Type content="text/html; charset=gb2312"></head><body><table x:str>\n%s</table></body></html>'
    rows = "<tr><td colspan=3>各地区R&amp;D经费</td></tr><tr><td></td><td></td><td>单位：亿元</td></tr><tr><td>地区</td><td x:num>2022</td><td x:num>2023</td></tr>\n" \
           '<tr><td>北&nbsp;&nbsp;京</td><td x:num="2843.3">2,843</td><td x:num="2947.1">2,947</td></tr><tr><td>天&nbsp;&nbsp;津</td><td x:num>568.7</td><td>…</td></tr>\n'
    book = "MIME-Version: 1.0\nX-Document-Type: Workbook\nContent-Type: multipart/related; boundary=\"----=_NextPart_01DA\"\n\n" \
           "本文档为“单个文件网页”，也称为“Web 档案”文件。\n\n" \
        + part("2023.htm", 'text/html; charset="gb2312"', "<html><head><title>R&amp;D</title></head><frameset rows='*,39'><frame src='2023.files/sheet001.htm'></frameset></html>") \
        + part("2023.files/stylesheet.css", "text/css; charset=\"gb2312\"", "tr {mso-height-source:auto;} <table><tr><td>1</td></tr></table>") \
        + part("2023.files/tabstrip.htm", 'text/html; charset="gb2312"', "<html><body><table><tr><td>2023</td><td>说明</td></tr></table></body></html>") \
        + part("2023.files/sheet001.htm", 'text/html; charset="gb2312"', page % rows) \
        + part("2023.files/sheet002.htm", 'text/html; charset="utf-8"', page.replace("gb2312", "utf-8") % "<tr><td>填报说明：见通知</td></tr>", "base64") \
        + "------=_NextPart_01DA--\n"
    text("mhtml_excel_saved", "xls", book.replace("\n", "\r\n"), "gb18030")
    body = quopri.encodestring("<!DOCTYPE html><html><body><div><table><tr><th>地区</th><th>2023年GDP（亿元）</th></tr><tr><td>福建</td><td>54355.1</td></tr></table></div></body></html>".encode()).decode()
    text("mhtml_browser_saved", "mht", "From: <Saved by Blink>\nSnapshot-Content-Location: http://example.org/gdp\nSubject: =?utf-8?Q?GDP?=\nMIME-Version: 1.0\nContent-Type: multipart/related;\n"
         '\ttype="text/html";\n\tboundary="----MultipartBoundary--x1----"\n\n\n------MultipartBoundary--x1----\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n'
         f"Content-Location: http://example.org/gdp\n\n{body}\n------MultipartBoundary--x1----\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n------MultipartBoundary--x1------\n")


mhtml()
text("bad_mail", "eml", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\ntext\n--x--\n")


def hidden():
    """Rows that a filter hides and a hidden column: what is stored is read, and said."""
    rows = [["地区", "2022年", "2023年"], ["北京", 41540.9, 43760.7], ["天津", 16132.2, 16737.3], ["福建", 51765.1, 54355.1]]
    options = {"indicator": "gdp", "unit": "亿元"}
    if path := case("xlsx_hidden_rows_and_columns", "xlsx", **options):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.active.auto_filter.ref = "A1:C4"
        for row in (2, 3):
            book.active.row_dimensions[row].hidden = True
        book.active.column_dimensions["B"].hidden = True
        book.active.column_dimensions["F"].hidden = True
        book.save(path)
    if path := case("xls_hidden_rows_and_columns", "xls", **options):
        book = xlwt.Workbook(encoding="utf-8")
        page = book.add_sheet("数据")
        for n, row in enumerate(rows):
            for col, value in enumerate(row):
                page.write(n, col, value)
        page.row(2).hidden = True
        page.col(1).hidden = True
        book.save(path)
    cells = ""
    for n, row in enumerate(rows):
        cells += '<Row ss:Hidden="1">' if n == 1 else "<Row>"
        for value in row:
            cells += f'<Cell><Data ss:Type="{"String" if isinstance(value, str) else "Number"}">{value}</Data></Cell>'
        cells += "</Row>\n"
    text("xml_hidden_rows_and_columns", "xml", '<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">\n'
         f'<Worksheet ss:Name="数据"><Table><Column ss:Index="2" ss:Hidden="1" ss:Span="1"/><Column/>\n{cells}</Table></Worksheet></Workbook>\n', **options)


hidden()


def named_sheets():
    """A sheet a year, a sheet of one province: only the sheet's name says which."""
    if path := case("xlsx_sheet_per_year", "xlsx", sheet="2022年"):
        book = openpyxl.Workbook()
        for name, rows in {"2023年": [["北京", 43760.7]], "2022年": [["北京", 41540.9], ["天津", 16132.2]]}.items():
            page = book.create_sheet(name)
            for row in [["地区", "GDP（亿元）"], *rows]:
                page.append(row)
        del book["Sheet"]
        book.save(path)
    # What the person says counts before the name of the sheet, and so does a title.
    for name, options in {"xlsx_sheet_name_indicator": {}, "xlsx_sheet_name_and_flag": {"indicator": "rd_spend"}}.items():
        if path := case(name, "xlsx", **options):
            book = openpyxl.Workbook()
            book.active.title = "福建GDP"
            for row in [["2022年"], ["单位：亿元"], ["设区市", "数值"], ["福州", 12308.2], ["厦门", 7802.7]]:
                book.active.append(row)
            book.save(path)


named_sheets()

# Headers with the price basis beside the unit, units behind a blank, columns of
# which nobody can say whether they are a year's figures.
sheet("panel_price_basis",
      [["地区", "年份", "R&D经费（现价，亿元）", "R&D经费(万元;不变价)", "地区生产总值（不变价，亿元）"], ["北京", 2023, 2947.1, 29471000, 40000], ["天津", 2023, 599.2, 5992000, 15000]])
sheet("wide_unread_years", [["2023年全省各设区市R&D经费（当年价格）"], ["单位：亿元 %"], ["地区", "2022年", "2023年", "2022年修订数", "2023年比2022年增长（%）", "2024年目标", "2025年F"],
                            ["福州", 308.2, 328.5, 300, 5.1, 370, 400]])
