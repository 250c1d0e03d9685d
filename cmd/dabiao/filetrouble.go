package main

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"github.com/dabiao/dabiao/internal/indicator"
)

// fileTrouble says why a file could not be read or written; what is rare, in the
// system's own words.
func fileTrouble(err error) indicator.Text {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return indicator.T("没有这个文件或文件夹", "no such file or directory")
	case errors.Is(err, fs.ErrPermission):
		return indicator.T("没有权限", "permission denied")
	case errors.Is(err, syscall.EISDIR):
		return indicator.T("这是文件夹", "it is a directory")
	case errors.Is(err, syscall.ENOTDIR):
		return indicator.T("路径中有一段不是文件夹", "a part of the path is not a directory")
	case errors.Is(err, syscall.ENOSPC):
		return indicator.T("磁盘已满", "no space left on the disk")
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return indicator.T(err.Error(), err.Error())
}

func cannotOpen(path string, err error) error {
	why := fileTrouble(err)
	return inputError{indicator.T("打不开文件 "+path+"："+why.ZH+"。请检查路径。", "Cannot open "+path+": "+why.EN+". Check the path.")}
}

func cannotWrite(path string, err error) error {
	why := fileTrouble(err)
	return systemError{indicator.T("无法写入文件 "+path+"："+why.ZH+"。请换一个路径。", "Cannot write "+path+": "+why.EN+". Name another path.")}
}

// isDirectory tells it before a file is written in vain.
func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
