package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
)

type userCmd struct {
	Add  userAddCmd  `cmd:"" help:"${user_add}"`
	List userListCmd `cmd:"" help:"${user_list}"`
}

type userAddCmd struct {
	Name         string   `arg:"" help:"${user_name}"`
	Role         string   `required:"" enum:"viewer,statistician,reviewer,admin,auditor" help:"${user_role}"`
	Region       []string `placeholder:"CODE" help:"${user_region}"`
	PasswordFile string   `placeholder:"FILE" help:"${user_password}"`
}

// Run keeps a new account.
func (c *userAddCmd) Run(e *env) error {
	r, err := e.open()
	if err != nil {
		return err
	}
	defer r.close()
	name, err := account.CanonicalName(c.Name)
	if err != nil {
		return err
	}
	user := account.User{Name: name, Role: account.Role(c.Role), Regions: c.Region, Created: e.now()}
	if err := user.Validate(r.settings.Catalog); err != nil {
		return err
	}
	password, made, err := c.password(e)
	if err != nil {
		return err
	}
	if err := account.ValidatePassword(name, password); err != nil {
		return err
	}
	if user.PasswordHash, err = account.HashPassword(password); err != nil {
		return err
	}
	if err := r.store.AddUser(e.ctx, user); errors.Is(err, account.ErrUserExists) {
		return inputError{indicator.T("账户 "+name+" 已存在。", "There is an account "+name+" already.")}
	} else if err != nil {
		return err
	}
	e.say("已新建账户 %s（%s）。", "Added the account %s (%s).", name, user.Role.Name().In(e.lang))
	if made {
		e.say("密码（只显示这一次）：%s", "Password (shown only this once): %s", password)
	}
	return nil
}

// password comes from a file, from the terminal, or is made up.
func (c *userAddCmd) password(e *env) (password string, made bool, err error) {
	if c.PasswordFile != "" {
		password, err := firstLine(e, c.PasswordFile)
		if err == nil && password == "" {
			err = inputError{indicator.T("密码文件是空的。", "The password file is empty.")}
		}
		return password, false, err
	}
	in, ok := e.in.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return rand.Text(), true, nil
	}
	ask := func(zh, en string) (string, error) {
		fmt.Fprint(e.err, indicator.T(zh, en).In(e.lang))
		line, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(e.err)
		return string(line), err
	}
	first, err := ask("密码：", "Password: ")
	if err != nil {
		return "", false, err
	}
	second, err := ask("再输一次：", "Once more: ")
	if err != nil {
		return "", false, err
	}
	if first != second {
		return "", false, inputError{indicator.T("两次输入的密码不同，未新建账户。", "The two passwords differ, no account was added.")}
	}
	return first, false, nil
}

type userListCmd struct{}

// Run lists the accounts.
func (userListCmd) Run(e *env) error {
	r, err := e.open()
	if err != nil {
		return err
	}
	defer r.close()
	users, err := r.store.Users(e.ctx)
	if err != nil {
		return err
	}
	type item struct {
		Name     string       `json:"name"`
		Role     account.Role `json:"role"`
		Regions  []string     `json:"regions"`
		Disabled bool         `json:"disabled"`
	}
	items := make([]item, len(users))
	for i, u := range users {
		items[i] = item{u.Name, u.Role, append([]string{}, u.Regions...), u.Disabled}
	}
	if e.flags.JSON {
		return json.NewEncoder(e.out).Encode(items)
	}
	for _, u := range items {
		fmt.Fprintf(e.out, "%s\t%s\t%s\n", u.Name, u.Role.Name().In(e.lang), strings.Join(u.Regions, " "))
	}
	if len(items) == 0 {
		e.say("还没有账户。新建：dabiao user add 姓名 --role statistician", "No accounts yet. Add one: dabiao user add NAME --role statistician")
	}
	return nil
}
