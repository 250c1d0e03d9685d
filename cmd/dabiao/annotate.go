package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
	"github.com/dabiao/dabiao/internal/web"
)

// annotate takes a file, and writes it with what is wrong in it to the file of --annotated.
func (c *importCmd) annotate(e *env, r *rooms, path string, file io.Reader,
	take func(io.Reader) (upload.Staged, error)) (upload.Staged, error) {
	if isSameFile(path, c.Annotated) {
		return upload.Staged{}, inputError{indicator.T(
			"--annotated 不能写到要导入的文件 "+path+" 上。请换一个文件名。",
			"--annotated would overwrite "+path+", the file to import. Name another one.")}
	}
	limits := r.uploads.Limits
	content, err := io.ReadAll(io.LimitReader(file, int64(limits.Bytes)+1)) // one more, so that it is seen to be too large
	if err != nil {
		return upload.Staged{}, err
	}
	staged, err := take(bytes.NewReader(content))
	if err != nil {
		return staged, err
	}
	a := web.Annotation{Lang: e.lang, File: filepath.Base(path), Content: content, Understood: staged.Understood, Problems: staged.Problems,
		Options: ingest.Options{Catalog: r.settings.Catalog, Answers: staged.Answers, Limits: limits}}
	var workbook bytes.Buffer
	if err := a.Write(e.ctx, &workbook); err != nil {
		return staged, fmt.Errorf("annotate: %w", err)
	}
	if err := os.WriteFile(c.Annotated, workbook.Bytes(), 0o600); err != nil {
		return staged, inputError{indicator.T(
			fmt.Sprintf("写不了文件 %s：%v。", c.Annotated, err), fmt.Sprintf("Cannot write %s: %v.", c.Annotated, err))}
	}
	if !e.flags.JSON {
		e.say("核对结果已写入 %s", "What was found is in %s", c.Annotated)
	}
	return staged, nil
}

func isSameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}
