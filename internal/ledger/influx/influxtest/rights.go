package influxtest

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	influxdb2 "github.com/influxdata/influxdb-client-go/v2"
	"github.com/influxdata/influxdb-client-go/v2/domain"
)

// TokenFor gives a new token with these rights to a bucket and none besides;
// without any right it is one that the server knows, and no more.
func (s *Server) TokenFor(tb testing.TB, bucket string, read, write bool) string {
	tb.Helper()
	if !s.isV2() {
		return s.newUser(tb, bucket, read, write)
	}
	ctx, client := tb.Context(), influxdb2.NewClient(s.URL, s.Token)
	defer client.Close()
	org, err := client.OrganizationsAPI().FindOrganizationByName(ctx, s.Org)
	if err != nil {
		tb.Fatal(err)
	}
	resource := domain.Resource{Type: domain.ResourceTypeTasks, OrgID: org.Id}
	permissions := []domain.Permission{{Action: domain.PermissionActionRead, Resource: resource}} // a token needs one
	if read || write {
		found, err := client.BucketsAPI().FindBucketByName(ctx, bucket)
		if err != nil {
			tb.Fatal(err)
		}
		resource = domain.Resource{Type: domain.ResourceTypeBuckets, OrgID: org.Id, Id: found.Id}
	}
	for action, given := range map[domain.PermissionAction]bool{domain.PermissionActionRead: read, domain.PermissionActionWrite: write} {
		if given {
			permissions = append(permissions, domain.Permission{Action: action, Resource: resource})
		}
	}
	made, err := client.AuthorizationsAPI().CreateAuthorizationWithOrgID(ctx, *org.Id, permissions)
	if err != nil {
		tb.Fatal(err)
	}
	return *made.Token
}

func (s *Server) newUser(tb testing.TB, bucket string, read, write bool) string {
	tb.Helper()
	user, password := "user_"+rand.Text(), rand.Text()
	statements := []string{fmt.Sprintf("CREATE USER %q WITH PASSWORD '%s'", user, password)}
	database, _, _ := strings.Cut(bucket, "/")
	for right, given := range map[string]bool{"READ": read && !write, "WRITE": write && !read, "ALL": read && write} {
		if given {
			statements = append(statements, fmt.Sprintf("GRANT %s ON %q TO %q", right, database, user))
		}
	}
	for _, statement := range statements {
		if _, err := s.query(tb.Context(), "", statement); err != nil {
			tb.Fatal(err)
		}
	}
	return user + ":" + password
}

// BucketWith creates a bucket that keeps points for so long (0: for ever) in
// shard groups of that length, and gives its name as Bucket does. It goes with
// the server.
func (s *Server) BucketWith(tb testing.TB, keep, shard time.Duration) string {
	tb.Helper()
	name := "test_" + rand.Text()
	if !s.isV2() {
		statement := fmt.Sprintf(`CREATE DATABASE %q WITH DURATION %ds REPLICATION 1 SHARD DURATION %ds NAME "rp"`,
			name, keep/time.Second, shard/time.Second)
		if _, err := s.query(tb.Context(), "", statement); err != nil {
			tb.Fatal(err)
		}
		return name + "/rp"
	}
	ctx, client := tb.Context(), influxdb2.NewClient(s.URL, s.Token)
	defer client.Close()
	org, err := client.OrganizationsAPI().FindOrganizationByName(ctx, s.Org)
	if err != nil {
		tb.Fatal(err)
	}
	seconds := int64(shard / time.Second)
	rule := domain.RetentionRule{EverySeconds: int64(keep / time.Second), ShardGroupDurationSeconds: &seconds}
	if _, err := client.BucketsAPI().CreateBucketWithName(ctx, org, name, rule); err != nil {
		tb.Fatal(err)
	}
	return name
}

// SwitchOff makes a token of 2.x inactive, as an administrator may.
func (s *Server) SwitchOff(tb testing.TB, token string) {
	tb.Helper()
	ctx, client := tb.Context(), influxdb2.NewClient(s.URL, s.Token)
	defer client.Close()
	all, err := client.AuthorizationsAPI().GetAuthorizations(ctx)
	if err != nil {
		tb.Fatal(err)
	}
	for i, a := range *all {
		if *a.Token != token {
			continue
		}
		off := domain.AuthorizationUpdateRequestStatusInactive
		if _, err := client.AuthorizationsAPI().UpdateAuthorizationStatus(ctx, &(*all)[i], off); err != nil {
			tb.Fatal(err)
		}
		return
	}
	tb.Fatal("the server does not know the token")
}
