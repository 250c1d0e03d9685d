package export

import (
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/assess"
)

func TestWriteAssessments(t *testing.T) {
	t.Parallel()
	gap := -0.5
	var b strings.Builder
	err := WriteAssessments(&b, []Assessment{
		{Target: "=t", Region: "350000", Method: "pace", MethodVersion: 1, Status: assess.OnTrack, AsOfPeriod: "2024",
			Latest: &Latest{"2024", 2.7, "u1"}, Gap: &gap, Numbers: Numbers{{Name: "yt", Value: 2.7}}, Pending: true},
		{Target: "s", Method: "pace", MethodVersion: 1, Status: assess.NotAssessed, Reason: assess.NoVerdictStatement},
	}, true)
	want := "\ufefftarget,region,method,method_version,status,reason,as_of_period,latest_period,latest_value,latest_upload,target_at,gap,needed_per_year,closed,early,pending,numbers\n" +
		`'=t,350000,pace,1,on_track,,2024,2024,2.7,u1,,-0.5,,false,false,true,"{""yt"":2.7}"` + "\n" +
		`s,,pace,1,not_assessed,statement,,,,,,,,false,false,false,{}` + "\n"
	if err != nil || b.String() != want {
		t.Errorf("%v\n%s\nwant\n%s", err, b.String(), want)
	}
}
