package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

func acknowledgement(key, note string, at int64) warning.Acknowledgement {
	return warning.Acknowledgement{Warning: key, Rule: warning.WrongMoves, Region: "350000", Target: "plan-1-rd_spend",
		Message: indicator.T("连续两年下降。", "Fallen twice."), Note: note, Author: "wang", At: time.UnixMilli(at).UTC()}
}

// TestAcknowledgements: all notes on a warning are kept, the oldest first, and
// only those of the warnings asked for are given.
func TestAcknowledgements(t *testing.T) {
	t.Parallel()
	s, ctx := fresh(t), t.Context()
	first, second := acknowledgement("a", "已约谈 <b>", 1_760_000_000_002), acknowledgement("a", "已整改", 1_760_000_000_003)
	other := acknowledgement("b", "核实中", 1_760_000_000_001)
	for _, a := range []warning.Acknowledgement{second, first, other} {
		if err := s.AddAcknowledgement(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		keys []string
		want []warning.Acknowledgement
	}{
		{nil, nil},
		{[]string{"c"}, nil},
		{[]string{"a"}, []warning.Acknowledgement{first, second}},
		{[]string{"b", "a"}, []warning.Acknowledgement{other, first, second}},
	} {
		got, err := s.Acknowledgements(ctx, tt.keys...)
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
			t.Errorf("%v: %v\n%s", tt.keys, err, diff)
		}
	}
}

// TestAcknowledgementsStay: not even a statement on the file takes one away.
func TestAcknowledgementsStay(t *testing.T) {
	t.Parallel()
	s, ctx := fresh(t), t.Context()
	kept := acknowledgement("a", "已约谈", 1_760_000_000_002)
	if err := s.AddAcknowledgement(ctx, kept); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{`DELETE FROM acknowledgement`, `UPDATE acknowledgement SET note = ''`} {
		if _, err := s.db.ExecContext(ctx, statement); err == nil {
			t.Errorf("%s went through", statement)
		}
	}
	if got, err := s.Acknowledgements(ctx, "a"); err != nil || !cmp.Equal(got, []warning.Acknowledgement{kept}) {
		t.Errorf("%v\n%s", err, cmp.Diff([]warning.Acknowledgement{kept}, got))
	}
}
