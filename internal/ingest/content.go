package ingest

import "slices"

// cornerRows is how many rows below a header tell what a column without a name holds.
const cornerRows = 8

// contentOf is what all of the first cells of a column are; empty where they
// are several things or none. Lines across the table say nothing of it, unless
// no row has a figure.
func (n *names) contentOf(below []row, col int) Role {
	below = below[:min(cornerRows, len(below))]
	if role := n.contentOfRows(below, col, 2); role != "" || slices.ContainsFunc(below, func(r row) bool { return filled(r) > 1 }) {
		return role
	}
	return n.contentOfRows(below, col, 1)
}

// contentOfRows looks at the rows with so many filled cells at least.
func (n *names) contentOfRows(below []row, col, least int) Role {
	votes := map[Role]int{}
	seen := 0
	for _, r := range below {
		text := r.at(col)
		if isBlank(text) || filled(r) < least {
			continue
		}
		seen++
		if _, ok := readPeriod(text); ok {
			votes[RolePeriod]++
		}
		if read := n.region(text); read.isKnown() && !isNumberText(nameKey(text)) {
			votes[RoleRegion]++
		}
		if n.indicator(text).indicator != nil {
			votes[RoleIndicator]++
		}
	}
	for _, role := range []Role{RoleRegion, RolePeriod, RoleIndicator} {
		if votes[role] > 0 && 2*votes[role] > seen {
			return role
		}
	}
	return ""
}

// contentColumns are the columns of which nothing is known that hold texts and
// those that hold numbers in most of the first rows.
func contentColumns(columns []headColumn, below []row) (texts, numbers []int) {
	for col, c := range columns {
		if c.said || c.role != "" && !c.unread && !c.unknown {
			continue
		}
		text, number := 0, 0
		for _, r := range below[:min(cornerRows, len(below))] {
			switch _, _, k := readNumber(r.at(col)); {
			case k == isText, k == isNumber && isYear(r.at(col)):
				text++
			case k == isNumber, k == isMark:
				number++
			}
		}
		if text > number {
			texts = append(texts, col)
		} else if number > 0 {
			numbers = append(numbers, col)
		}
	}
	return texts, numbers
}

func isYear(text string) bool {
	_, ok := readPeriod(text)
	return ok
}

// hasFigure reports a row with a number that is no year.
func hasFigure(r row) bool {
	return slices.ContainsFunc(r.cells, func(text string) bool {
		_, suffix, k := readNumber(text)
		return k == isNumber && suffix == "" && !isYear(text)
	})
}

// likelyHeader is the index of the row that looks most like a header: the last
// one with several texts above the first one with figures; -1 where there is none.
func likelyHeader(head []row) int {
	likely := -1
	for i, r := range head {
		if filled(r) < 2 {
			continue
		}
		if hasFigure(r) {
			return likely
		}
		likely = i
	}
	return -1
}
