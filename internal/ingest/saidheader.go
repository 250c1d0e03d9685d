package ingest

import (
	"slices"
	"strconv"
)

// mostRowsAbove is how far down the person may say that the header stands.
const mostRowsAbove = 10_000

// firstHeader finds the first header: where the person says, or by what it
// holds. Without one it says why.
func (p *parser) firstHeader(all []row) (*plan, *finding) {
	head := p.withoutSkipped(all)
	switch {
	case p.said.headless && len(head) > 0:
		return p.planHeadless(head), nil
	case p.said.header.first > 0:
		return p.saidHeader(head)
	}
	if found := p.recognise(head); found != nil {
		return found, nil
	}
	if p.recognise(all) != nil {
		return nil, fault(codeBadSkip, "--skip 跳过的行中有表头。只跳过表头以下的行，或用 --header 指明表头所在的行。",
			"--skip leaves out the row of the header. Leave out rows below it only, or say with --header where the header stands.")
	}
	at := likelyHeader(head)
	switch {
	case at < 0 && slices.ContainsFunc(head, hasFigure):
		return nil, unknownLayout(head).with(optionHeader, "0")
	case at < 0:
		return nil, unknownLayout(head)
	case len(p.said.columns) > 0:
		return p.planSaid(head[at:], 1), nil
	}
	return nil, unknownLayout(head).with(optionHeader, strconv.Itoa(head[at].number))
}

// saidHeader makes a plan of the rows that the person says are the header.
func (p *parser) saidHeader(head []row) (*plan, *finding) {
	said := p.said.header
	at := slices.IndexFunc(head, func(r row) bool { return r.number == said.first })
	depth := said.last - said.first + 1
	if at < 0 || at+depth > len(head) {
		return nil, fault(codeBadHeader, "表格只有 %[2]d 行，没有 --header 所说的第 %[1]d 行。写表头所在的行。",
			"The table has only %[2]d rows, and no row %[1]d, which --header names. Write the row of the header.", said.last, lastRow(head))
	}
	if !slices.ContainsFunc(head[at:at+depth], func(r row) bool { return filled(r) > 0 }) {
		return nil, fault(codeBadHeader, "--header 所说的第 %[1]d 行是空行。写表头所在的行。",
			"Row %[1]d, which --header names, is blank. Write the row of the header.", said.first)
	}
	return p.planSaid(head[at:], depth), nil
}

func lastRow(head []row) int {
	if len(head) == 0 {
		return 0
	}
	return head[len(head)-1].number
}

// answered is the plan of a header as the person says its columns are.
func (p *parser) answered(found *plan, rows []row) *plan {
	if len(p.said.columns) == 0 {
		return found
	}
	return p.planSaid(rows, len(found.header))
}

// planSaid makes a plan of rows that are the header because the person says so.
func (p *parser) planSaid(rows []row, depth int) *plan {
	columns, _ := p.names.readColumns(rows[:depth], true)
	return p.planOf(p.answerColumns(columns, rows), rows, depth, true)
}

// planHeadless makes a plan of a table without a header, of which the person
// says every column that holds something.
func (p *parser) planHeadless(head []row) *plan {
	rows := append([]row{{}}, head...)
	first := slices.IndexFunc(head, func(r row) bool { return filled(r) > 0 })
	columns := p.answerColumns(make([]headColumn, len(head[max(first, 0)].cells)), rows)
	made := &plan{header: rows[:1:1], roles: make([]Role, len(columns)), heads: make([]string, len(columns)), unread: true}
	for col, c := range columns {
		made.roles[col] = RoleUnknown
		if c.said {
			made.roles[col] = c.role
			continue
		}
		answers := []string{}
		for _, role := range []Role{p.names.contentOf(head, col), RoleValue, RoleIgnored} {
			if role != "" {
				answers = append(answers, columnName(col)+"="+string(role))
			}
		}
		at := place{head[max(first, 0)].number, col}
		made.found = append(made.found, located{at, fault(codeBadHeader,
			"没有表头，须用 --column 说明列 %[1]s（如“%[3]s”）是什么，如 --column %[2]s。",
			"Without a header --column must say what the column %[1]s (such as “%[3]s”) is, as in --column %[2]s.",
			columnName(col), answers[0], quote(head[max(first, 0)].at(col))).with(optionColumn, answers...)})
	}
	if len(made.found) > 0 {
		return made
	}
	return p.planOf(columns, rows, 1, true)
}

// refuseHeader says what keeps a header from being one, and what of its columns
// to say so that it becomes one.
func (p *parser) refuseHeader(made *plan, columns []headColumn, below []row, rowsSay axis, values bool) {
	made.unread = true
	row := made.last()
	if rowsSay != 0 && values {
		made.found = append(made.found, located{place{row, 0}, fault(codeBadHeader,
			"第 %[1]d 行的表头中，各行和各列说明的是同一内容，无法读取。用 --column 改正（如 --column C=数值）。",
			"In the header in row %[1]d rows and columns say the same, so it cannot be read. Mend it with --column (such as --column C=value).", row)})
		return
	}
	texts, numbers := contentColumns(columns, below)
	if rowsSay == 0 {
		col, answers := 0, []string(nil)
		if len(texts) > 0 {
			col = texts[0]
			role := p.names.contentOf(below, col)
			for _, likely := range []Role{role, RoleRegion, RolePeriod, RoleIndicator} {
				if a := columnName(col) + "=" + string(likely); likely != "" && !slices.Contains(answers, a) {
					answers = append(answers, a)
				}
			}
		}
		made.found = append(made.found, located{place{row, col}, fault(codeBadHeader,
			"第 %[1]d 行的表头没有说明各行是哪个地区、年份或指标。用 --column 指明（如 --column A=地区），或用 --header 指明表头所在的行。",
			"The header in row %[1]d does not say of which region, period or indicator the rows are. Say it with --column (such as --column A=region), or with --header where the header stands.",
			row).with(optionColumn, answers...)})
	}
	if !values {
		col, answers := max(len(columns)-1, 0), []string(nil)
		if len(numbers) > 0 {
			col = numbers[0]
			answers = []string{columnName(col) + "=" + string(RoleValue)}
		}
		made.found = append(made.found, located{place{row, col}, fault(codeBadHeader,
			"第 %[1]d 行的表头没有说明哪一列是数值。用 --column 指明（如 --column C=数值 或 --column C=rd_spend），或用 --header 指明表头所在的行。",
			"The header in row %[1]d does not say which column holds values. Say it with --column (such as --column C=value or --column C=rd_spend), or with --header where the header stands.",
			row).with(optionColumn, answers...)})
	}
}
