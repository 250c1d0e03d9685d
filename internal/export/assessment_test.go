package export

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

func TestAssessmentJSON(t *testing.T) {
	t.Parallel()
	gap := 0.3
	tests := map[string]struct {
		in   assess.Assessment
		want string
	}{
		"a verdict with its numbers in order": {
			assess.Assessment{
				Target: "t", Region: "350000", Method: "pace", Version: 1, Status: assess.OnTrack, AsOfPeriod: indicator.Year(2024),
				Latest: &indicator.Point{Period: indicator.Year(2024), Value: 2.7, Status: indicator.Normal, Upload: "u1"},
				Gap:    &gap, TargetAt: &gap, Early: true, Numbers: []assess.Number{{Name: "yt", Value: 2.7}, {Name: "a", Value: 0.1}, {Name: "miss", Value: math.Inf(1)}},
				Milestones: []assess.MilestoneVerdict{{Year: 2022, Value: 2.5, State: assess.MilestoneMet}},
			},
			`{"target":"t","region":"350000","method":"pace","method_version":1,"status":"on_track","reason":"","as_of_period":"2024",` +
				`"latest":{"period":"2024","value":2.7,"upload":"u1"},"gap":0.3,"needed_per_year":null,` +
				`"numbers":{"yt":2.7,"a":0.1,"miss":null},"milestones":[{"year":2022,"value":2.5,"state":"met"}],` +
				`"target_at":0.3,"closed":false,"early":true,"pending":false}`,
		},
		"no reading at all": {
			assess.Assessment{Target: "t", Region: "350000", Method: "pace", Version: 1, Status: assess.NotAssessed, Reason: assess.TooFewReadings},
			`{"target":"t","region":"350000","method":"pace","method_version":1,"status":"not_assessed","reason":"too_few_readings","as_of_period":"",` +
				`"latest":null,"gap":null,"needed_per_year":null,"numbers":{},"milestones":[],` +
				`"target_at":null,"closed":false,"early":false,"pending":false}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(NewAssessment(test.in))
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
