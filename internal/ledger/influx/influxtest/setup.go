package influxtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	influxdb2 "github.com/influxdata/influxdb-client-go/v2"
	"github.com/influxdata/influxdb-client-go/v2/domain"
)

// shardWeeks are 270 years: one shard group from 1891 to 2161 for everything.
const shardWeeks = 14088

// token gives the token that is kept in the server's directory, a new one the
// first time.
func (s *Server) token() (string, error) {
	path := filepath.Join(s.dir, "token")
	kept, err := os.ReadFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return strings.TrimSpace(string(kept)), err
	}
	token := rand.Text()
	if !s.isV2() {
		token = "dabiao:" + token
	}
	return token, os.WriteFile(path, []byte(token+"\n"), 0o600)
}

// setUp makes the token the administrator's, unless it is already.
func (s *Server) setUp(ctx context.Context) error {
	if _, err := s.query(ctx, "", "SHOW DATABASES"); err == nil {
		return nil
	}
	if !s.isV2() {
		user, password, _ := strings.Cut(s.Token, ":")
		_, err := s.query(ctx, "", fmt.Sprintf("CREATE USER %q WITH PASSWORD '%s' WITH ALL PRIVILEGES", user, password))
		return err
	}
	client := influxdb2.NewClient(s.URL, s.Token)
	defer client.Close()
	done, err := client.SetupWithToken(ctx, "dabiao", s.Token, s.Org, "setup", 0, s.Token)
	if err != nil {
		return err
	}
	// Its shards last seven days; CreateBucket makes better ones.
	return client.BucketsAPI().DeleteBucket(ctx, done.Bucket)
}

// Bucket gives the test a bucket of its own with the right shard duration,
// DATABASE/rp on 1.x, and removes it when the test has ended. A server by
// address that refuses to create one gives the bucket it was named with, as it
// is, with whatever is in it: tests must then expect what others wrote.
func (s *Server) Bucket(tb testing.TB) string {
	tb.Helper()
	bucket, err := s.CreateBucket(tb.Context(), "test_"+rand.Text())
	switch {
	case err == nil:
	case s.bucket != "" && errors.As(err, new(*refusal)):
		tb.Logf("%s: no bucket of its own for this test, %s is used as it is: %v", s.Name, s.bucket, err)
		return s.bucket
	default:
		tb.Fatalf("create a bucket on %s: %v", s.Name, err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		// A server of the test's own may be down, and goes as a whole.
		if err := s.dropBucket(ctx, bucket); err != nil && s.temporary == nil {
			tb.Logf("%s: %s is left behind: %v", s.Name, bucket, err)
		}
	})
	return bucket
}

// CreateBucket creates a bucket with the right shard duration, unless it is
// there, and gives the name by which clients know it: on 1.x DATABASE/rp.
func (s *Server) CreateBucket(ctx context.Context, name string) (string, error) {
	if !s.isV2() {
		replication, err := s.replication(ctx)
		if err != nil {
			return "", err
		}
		_, err = s.query(ctx, "", fmt.Sprintf(`CREATE DATABASE %q WITH DURATION 0s REPLICATION %d SHARD DURATION %dw NAME "rp"`, name, replication, shardWeeks))
		return name + "/rp", err
	}
	client := influxdb2.NewClient(s.URL, s.Token)
	defer client.Close()
	if found, err := client.BucketsAPI().FindBucketByName(ctx, name); err == nil {
		return found.Name, nil
	}
	org, err := client.OrganizationsAPI().FindOrganizationByName(ctx, s.Org)
	if err != nil {
		return "", refused(err)
	}
	shard := int64(shardWeeks * 7 * 24 * 60 * 60)
	rule := domain.RetentionRule{ShardGroupDurationSeconds: &shard}
	_, err = client.BucketsAPI().CreateBucketWithName(ctx, org, name, rule)
	return name, refused(err)
}

// replication is that of the bucket a server by address was named with: a
// cluster keeps as many copies of the new ones.
func (s *Server) replication(ctx context.Context) (int, error) {
	database, policy, _ := strings.Cut(s.bucket, "/")
	if database == "" {
		return 1, nil
	}
	rows, err := s.query(ctx, "", fmt.Sprintf("SHOW RETENTION POLICIES ON %q", database))
	if err != nil {
		if errors.As(err, new(*refusal)) { // the database need not be there
			return 1, nil
		}
		return 0, err
	}
	for _, row := range rows {
		copies, ok := row["replicaN"].(float64)
		if ok && (row["name"] == policy || policy == "" && row["default"] == true) {
			return max(1, int(copies)), nil
		}
	}
	return 1, nil
}

func (s *Server) dropBucket(ctx context.Context, bucket string) error {
	if !s.isV2() {
		database, _, _ := strings.Cut(bucket, "/")
		_, err := s.query(ctx, "", fmt.Sprintf("DROP DATABASE %q", database))
		return err
	}
	client := influxdb2.NewClient(s.URL, s.Token)
	defer client.Close()
	found, err := client.BucketsAPI().FindBucketByName(ctx, bucket)
	if err != nil {
		return err
	}
	return client.BucketsAPI().DeleteBucket(ctx, found)
}
