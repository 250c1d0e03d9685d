"""Writes the cases whose input is bytes in odd encodings, packages and pages.

Run by hand in internal/ingest/testdata/cases: python3 ../make_texts.py
"""
import os,json,zipfile,io,gzip
def case(name, ext, content, **options):
    os.makedirs(name, exist_ok=True)
    open(name+"/options.json","w").write(json.dumps(options,ensure_ascii=False)+"\n")
    open(f"{name}/input.{ext}","wb").write(content)
site='''<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>分省年度数据</title>
<style>td{border:1px solid #ccc;mso-number-format:"\\@"} .t1:before{content:"2023"}</style>
<script>var years=[2021,2022,2023]; document.write("<table><tr><td>1</td></tr></table>");</script>
</head>
<body>
<!-- <table><tr><td>2019</td></tr></table> -->
<table width="100%" border="0"><tr><td>
  <img src="logo.gif" alt="2023"><b>统计数据库</b>&nbsp;&nbsp;首页&gt;查询结果
</td></tr><tr><td>
<table class="data" cellspacing="0">
<thead>
<tr><th colspan="4">指标：R&amp;D经费（亿元）</th></tr>
<tr><th>地&nbsp;&nbsp;区</th><th>2023年<th>2022年<th>2021<br>年</th></tr>
</thead>
<tr><td>&nbsp;全&nbsp;&nbsp;国</td><td align=right>33,357.1</td><td align=right>30,782.9</td><td align=right>27,956.3</td></tr>
<TR><TD>北&#20140;市</TD><TD ALIGN=RIGHT>2,947.1</TD><TD>2,843.3</TD><TD>2,629.3</TD></TR>
<tr><td>福建省</td><td>1,171.7<sup>1</sup></td><td>1,082.1</td><td>&nbsp;</td></tr>
<tr><td>广东省</td><td><font color="red">4,802.6</font></td><td>—</td><td>4,002.2</td>
<tr><td colspan=4>注：<sup>1</sup>为初步核算数。</td></tr>
<tr><td colspan=4>数据来源：国家统计局</td></tr>
</table>
</td></tr></table>
</body></html>
'''
case("html_statistics_site","xls",site.encode("gb18030"))
excel='''<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:x="urn:schemas-microsoft-com:office:excel"
xmlns="http://www.w3.org/TR/REC-html40">
<head>
<meta http-equiv=Content-Type content="text/html; charset=gb2312">
<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets><x:ExcelWorksheet><x:Name>附表</x:Name></x:ExcelWorksheet></x:ExcelWorksheets></x:ExcelWorkbook></xml><![endif]-->
</head>
<body link=blue vlink=purple>
<table x:str border=0 cellpadding=0 cellspacing=0 width=432 style='border-collapse:collapse'>
 <col width=72 span=6>
 <tr height=19><td height=19 width=72>地区</td><td>年份</td><td>指标</td><td>数值</td><td>单位</td></tr>
 <tr height=19><td height=19 rowspan=3>福建</td><td class=xl24 align=right x:num>2022</td><td>R&amp;D经费<span style='mso-spacerun:yes'>&nbsp;</span></td><td class=xl25 align=right x:num="1082.0999999999999">1,082</td><td>亿元</td></tr>
 <tr height=19><td class=xl24 x:num="45292">2023年</td><td>R&amp;D经费</td><td x:num>1171.7</td><td>亿元</td></tr>
 <tr height=19><td class=xl24 x:num="45292">2023年</td><td>R&amp;D经费投入强度</td><td class=xl26 align=right x:num="2.16E-2">2.2%</td><td>%</td></tr>
</table>
</body>
</html>
'''
case("html_excel_saved","xls",excel.encode("gb18030"))
two='''<!DOCTYPE html>
<meta charset="gb2312"><!-- says one thing and is another -->
<h2>表1</h2>
<table><tr><td>地区</td><td>数值</td></tr><tr><td>北京</td><td>1</td></tr><tr><td>福建</td><td>2</td></tr></table>
<h2>表2</h2>
<table><tr><td>地区</td><td>数值</td></tr><tr><td rowspan=2>北京</td><td>3</td></tr><tr></tr><tr><td>福建</td><td>4</td></tr></table>
<table><tr><td>返回</td></tr></table>
'''.encode()
flags=dict(indicator="green_factories_national",unit="家",year="2023")
case("html_several_tables","html",two,**flags)
case("html_table_by_number","html",two,sheet="2",**flags)
case("html_unclosed","htm","<table><tr><td>地区<td>数值<tr><td>北京<td>1<tr><td>福建<td>2".encode(),**flags)
case("html_big5","html","<html><meta charset=big5><table><tr><td>region</td><td>2022</td><td>2023</td></tr><tr><td>福建</td><td>5</td><td>6</td></tr><tr><td colspan=3>註：國家級綠色工廠</td></tr></table></html>".encode("big5"),indicator="green_factories_national",unit="家")
case("bad_html_no_table","html","<!DOCTYPE html><html><head><meta charset=utf-8></head><frameset><frame src='表.files/sheet001.htm'></frameset></html>".encode())
case("bad_mhtml","xls",b'MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary="----=_NextPart_01"\r\n\r\n------=_NextPart_01\r\nContent-Location: file:///C:/1.htm\r\nContent-Type: text/html; charset="gb2312"\r\n\r\n<html></html>\r\n')
xml='''<?xml version="1.0" encoding="gb2312"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:html="http://www.w3.org/TR/REC-html40">
 <Styles>
  <Style ss:ID="Default" ss:Name="Normal"><Alignment ss:Vertical="Center"/><NumberFormat/></Style>
  <Style ss:ID="s62"><NumberFormat ss:Format="Percent"/></Style>
  <Style ss:ID="s63"><NumberFormat ss:Format="yyyy&quot;年&quot;"/></Style>
 </Styles>
 <Worksheet ss:Name="说明"><Table><Row><Cell><Data ss:Type="String">2023年为快报数</Data></Cell></Row></Table></Worksheet>
 <Worksheet ss:Name="数据">
  <Table ss:ExpandedColumnCount="5" ss:ExpandedRowCount="9" x:FullColumns="1">
   <Column ss:Width="60"/>
   <Row ss:Index="2"><Cell ss:Index="2" ss:MergeAcross="3"><Data ss:Type="String">各地区主要指标</Data></Cell></Row>
   <Row><Cell ss:Index="2"><Data ss:Type="String">地区</Data></Cell><Cell><Data ss:Type="String">年份</Data></Cell><Cell><Data ss:Type="String">指标</Data></Cell><Cell><Data ss:Type="String">数值</Data></Cell><Cell><Data ss:Type="String">单位</Data></Cell></Row>
   <Row><Cell ss:Index="2" ss:MergeDown="1"><Data ss:Type="String">福建</Data></Cell><Cell ss:StyleID="s63"><Data ss:Type="DateTime">2023-12-31T00:00:00.000</Data></Cell><Cell><Data ss:Type="String">R&amp;D经费</Data></Cell><Cell><Data ss:Type="Number">1171.7</Data></Cell><Cell><Data ss:Type="String">亿元</Data></Cell></Row>
   <Row><Cell ss:Index="3"><Data ss:Type="Number">2023</Data></Cell><Cell><Data ss:Type="String">R&amp;D经费投入强度</Data></Cell><Cell ss:StyleID="s62"><Data ss:Type="Number">2.1600000000000001E-2</Data></Cell><Cell><Data ss:Type="String">%</Data></Cell></Row>
   <Row ss:Index="7"><Cell ss:Index="2"><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">北<B>京</B></ss:Data><Comment ss:Author="x"><ss:Data>批注 12</ss:Data></Comment></Cell><Cell><Data ss:Type="String">2023</Data></Cell><Cell><Data ss:Type="String">R&amp;D经费</Data></Cell><Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">2947.1<Sup>1</Sup></ss:Data></Cell><Cell><Data ss:Type="String">亿元</Data></Cell></Row>
   <Row><Cell ss:Index="2"><Data ss:Type="String">天津</Data></Cell><Cell><Data ss:Type="Number">2023</Data></Cell><Cell><Data ss:Type="String">R&amp;D经费</Data></Cell><Cell ss:Formula="=R[-1]C/0"><Data ss:Type="Error">#DIV/0!</Data></Cell><Cell><Data ss:Type="String">亿元</Data></Cell></Row>
   <Row><Cell ss:Index="2"><Data ss:Type="String">河北</Data></Cell><Cell><Data ss:Type="Number">2023</Data></Cell><Cell><Data ss:Type="String">R&amp;D经费</Data></Cell><Cell ss:Formula="=R[-5]C*2"/><Cell><Data ss:Type="String">亿元</Data></Cell></Row>
  </Table>
  <WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetVisible</Visible></WorksheetOptions>
 </Worksheet>
</Workbook>
'''
case("xml_excel_2003","xls",xml.encode("gb18030"))
case("bad_xml_cut","xml",xml[:xml.index("<Row ss:Index=\"7\">")].encode().replace(b"gb2312",b"utf-8"),sheet="数据")
text="指标：R&D经费\t\t\r\n单位：亿元\t\t\r\n地区\t2023年\t2022年\r\n北京\t\"2,947.1\"\t2843.3\r\n福建\t1171.7\t—\r\n"
case("tsv_utf16_excel","txt",b"\xff\xfe"+text.encode("utf-16-le"))
case("tsv_utf16_be_named_xls","xls",b"\xfe\xff"+text.encode("utf-16-be"))
case("bad_utf16_cut","txt",b"\xff\xfe"+text.encode("utf-16-le")[:-5]+b"\x00\xd8\x0a\x00")
case("bad_utf16_empty","txt",b"\xff\xfe\r\x00\n\x00")
def zipped(parts):
    b=io.BytesIO()
    with zipfile.ZipFile(b,"w",zipfile.ZIP_DEFLATED) as z:
        for k,v in parts.items(): z.writestr(zipfile.ZipInfo(k,(2024,1,2,3,4,6)),v)
    return b.getvalue()
case("bad_docx","docx",zipped({"[Content_Types].xml":"<Types/>","word/document.xml":"<w:document/>"}))
case("bad_xlsb","xlsb",zipped({"[Content_Types].xml":"<Types/>","xl/workbook.bin":"\x83\x01\x00"}))
case("bad_pptx","pptx",zipped({"[Content_Types].xml":"<Types/>","ppt/presentation.xml":"<p/>"}))
case("bad_zip_of_workbooks","zip",zipped({"2022年.xlsx":zipped({"xl/workbook.xml":"<workbook/>"}),"2023年.xlsx":b"PK"}))
case("bad_xlsx_without_sheets","xlsx",zipped({"[Content_Types].xml":"<Types/>","xl/workbook.xml":"<workbook><sheets/></workbook>"}))
sheet=lambda data: zipped({"[Content_Types].xml":"<Types/>","_rels/.rels":'<Relationships><Relationship Id="a" Type="http://x/officeDocument" Target="/xl/workbook.xml"/></Relationships>',
 "xl/workbook.xml":'<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>',
 "xl/_rels/workbook.xml.rels":'<Relationships><Relationship Id="a" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
 "xl/worksheets/sheet1.xml":data})
case("bad_xlsx_empty","xlsx",sheet("<worksheet><sheetData/></worksheet>"))
inline=lambda t:f'<c t="inlineStr"><is><t>{t}</t></is></c>'
rows="<row>"+"".join(map(inline,["地区","年份","数值"]))+"</row><row>"+inline("福建")+'<c><v>2023</v></c><c><v>1171.7</v></c></row>'
minimal='<x:worksheet xmlns:x="m"><x:sheetData>'+rows.replace("<c>","<x:c>").replace("</c>","</x:c>").replace("<c ","<x:c ").replace("<row>","<x:row>").replace("</row>","</x:row>").replace("<v>","<x:v>").replace("</v>","</x:v>")+"</x:sheetData></x:worksheet>"
case("xlsx_without_positions","csv",sheet(minimal),indicator="rd_spend",unit="亿元")
case("bad_xlsx_cut_sheet","xlsx",sheet("<worksheet><sheetData>"+rows+"<row><c><v>1"),indicator="rd_spend",unit="亿元")
case("bad_xlsx_rows_backwards","xlsx",sheet('<worksheet><sheetData><row r="5"/><row r="4"/></sheetData></worksheet>'))
case("bad_xlsx_beyond_last_row","xlsx",sheet('<worksheet><sheetData><row r="1048577"><c><v>1</v></c></row></sheetData></worksheet>'))
case("bad_xlsx_shared_text","xlsx",sheet('<worksheet><sheetData><row><c t="s"><v>7</v></c></row></sheetData></worksheet>'))
case("bad_xlsx_too_many_cells","xlsx",sheet('<worksheet><sheetData>'+"".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1,9))+'</sheetData></worksheet>'),limits={"Cells":100000})
case("bad_gzip","csv.gz",gzip.compress(b"a,b\n",mtime=0))
case("bad_rar","rar",b"Rar!\x1a\x07\x01\x00\x33\x92\xb5\xe5")
case("bad_7z","7z",b"7z\xbc\xaf\x27\x1c\x00\x04")
case("bad_jpeg","jpg",b"\xff\xd8\xff\xe0\x00\x10JFIF\x00")
case("bad_stata","dta",b"<stata_dta><header><release>118</release>")
case("bad_stata_old","dta",b"\x72\x02\x01\x00\x05\x00")
case("bad_spss","sav",b"$FL2@(#) SPSS DATA FILE\x00\x00")
case("bad_rdata","RData",gzip.compress(b"RDX3\nX\n",mtime=0))
case("bad_rds_plain","rds",b"X\n\x00\x00\x00\x03\x00\x04\x03\x00")
case("bad_excel_4","xls",b"\x09\x04\x06\x00\x00\x00\x10\x00\x0a\x00\x00\x00")
case("csv_begins_like_an_image","csv","BM代码,地区,年份,数值\n1,福建,2023,1171.7\n".encode(),indicator="rd_spend",unit="亿元")
