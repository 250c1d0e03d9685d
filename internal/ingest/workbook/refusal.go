package workbook

import (
	"fmt"

	"github.com/dabiao/dabiao/internal/indicator"
)

// The codes of refusals.
const (
	CodeUnsupported = "unsupported_file" // a kind of file that is not read
	CodeEncrypted   = "encrypted_file"   // a password is needed
	CodeDamaged     = "damaged_file"
	CodeTooBig      = "too_big"
)

// Refusal is why a file is not read, or not to its end.
type Refusal struct {
	Code string
	Text indicator.Text
}

func (r *Refusal) Error() string { return r.Code + ": " + r.Text.EN }

func refuse(code, zh, en string, args ...any) *Refusal {
	return &Refusal{code, indicator.T(fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...))}
}

// damaged says of a file that it breaks the rules of its kind, and where.
func damaged(where string) *Refusal {
	return refuse(CodeDamaged,
		"文件已损坏或不完整（%[1]s）。在表格软件中打开，另存为 xlsx 后重新上传。",
		"The file is damaged or incomplete (%[1]s). Open it in a spreadsheet program, save it as xlsx and upload that.", where)
}

func beyondSheet(row, col int) *Refusal { return damaged(fmt.Sprintf("row %d, column %d", row, col+1)) }

func needsPassword() *Refusal {
	return refuse(CodeEncrypted,
		"文件设有打开密码，不能读取。在表格软件中打开，取消密码后另存，再重新上传。",
		"The file needs a password and cannot be read. Open it in a spreadsheet program, remove the password, save it and upload that.")
}

func tooMuchText(limit int) *Refusal {
	most := indicator.ByteSize(int64(limit))
	return refuse(CodeTooBig,
		"文件中的文字超过 %[1]s 的上限。拆成几个文件后分别上传。",
		"The texts in the file are larger than the limit of %[1]s. Split it and upload the parts.", most)
}

func saveAsXLSX(zh, en string) *Refusal {
	return refuse(CodeUnsupported,
		"文件是%[1]s，不能读取。在表格软件中打开，另存为 xlsx 或 CSV（UTF-8）后重新上传。",
		"The file is %[2]s and cannot be read. Open it in a spreadsheet program, save it as xlsx or CSV (UTF-8) and upload that.", zh, en)
}

func copyTable(zh, en string) *Refusal {
	return refuse(CodeUnsupported,
		"文件是%[1]s，不能读取。把其中的表格复制到表格软件，另存为 xlsx 后重新上传。",
		"The file is %[2]s and cannot be read. Copy the table in it into a spreadsheet program, save it as xlsx and upload that.", zh, en)
}

func unpackFirst(zh, en string) *Refusal {
	return refuse(CodeUnsupported,
		"文件是%[1]s，不能读取。解压后逐个上传其中的表格。",
		"The file is %[2]s and cannot be read. Unpack it and upload the tables in it one by one.", zh, en)
}

func unpacksTooLarge(limit int) *Refusal {
	return refuse(CodeTooBig,
		"文件解压后超过 %[1]s 的上限。拆成几个文件后分别上传。",
		"Unpacked, the file is larger than the limit of %[1]s. Split it and upload the parts.", indicator.ByteSize(int64(limit)))
}

func tooManyEntries(limit int) *Refusal {
	return refuse(CodeTooBig,
		"压缩包内的文件超过 %[1]s 个的上限，不像是正常的表格。在表格软件中另存为新的 xlsx 后重新上传。",
		"The archive holds more than the limit of %[1]s files, which no ordinary workbook does. Save it as a new xlsx and upload that.", indicator.FormatNumber(float64(limit), 0))
}

func noTable() *Refusal {
	return refuse(CodeUnsupported,
		"文件是网页或 XML，其中没有表格。在表格软件中打开，另存为 xlsx 或 CSV（UTF-8）后重新上传。",
		"The file is a web page or XML without a table. Open it in a spreadsheet program, save it as xlsx or CSV (UTF-8) and upload that.")
}
