package cache

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// A cache that makes people wait is worse than none: nothing is awaited long.
const (
	dialTime = 500 * time.Millisecond
	waitTime = 300 * time.Millisecond
)

// Dial makes a client for an address such as
//
//	redis://user:password@host:6379/0                   one server
//	rediss://…                                          the same over TLS
//	redis://host:26379/0?master=name&addr=other:26379   Sentinel
//	redis://host:6379?cluster=true&addr=other:6379      Cluster
//
// It connects to nobody yet. Its errors name what is wrong with the address,
// never the password in it.
func Dial(address string) (redis.UniversalClient, error) {
	logging.Disable() // what fails is told by its error, and logged by us
	o, cluster, err := options(address)
	switch {
	case err != nil:
		return nil, err
	case cluster:
		return redis.NewClusterClient(o.Cluster()), nil
	case o.MasterName != "":
		return redis.NewFailoverClient(o.Failover()), nil
	}
	return redis.NewClient(o.Simple()), nil
}

func options(address string) (o *redis.UniversalOptions, cluster bool, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "redis" && u.Scheme != "rediss" || u.Hostname() == "" {
		return nil, false, errors.New("should be redis://[user:password@]host[:port][/number], or rediss:// for TLS")
	}
	o = &redis.UniversalOptions{
		Addrs: []string{withPort(u.Host)}, Username: u.User.Username(),
		DialTimeout: dialTime, ReadTimeout: waitTime, WriteTimeout: waitTime, PoolTimeout: waitTime, MaxRetries: 1, DialerRetries: 1,
		Protocol: 2, DisableIdentity: true, // what every Redis and every proxy before one understands
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	o.Password, _ = u.User.Password()
	if u.Scheme == "rediss" {
		o.TLSConfig = &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}
	}
	if number := strings.Trim(u.Path, "/"); number != "" {
		if o.DB, err = strconv.Atoi(number); err != nil || o.DB < 0 {
			return nil, false, errors.New("the part after the host should be the number of a database")
		}
	}
	cluster, err = refine(o, u.Query())
	return o, cluster, err
}

// refine reads what comes after the question mark.
func refine(o *redis.UniversalOptions, query url.Values) (cluster bool, err error) {
	for name, values := range query {
		switch name {
		case "addr":
			for _, a := range values {
				o.Addrs = append(o.Addrs, withPort(a))
			}
		case "master":
			o.MasterName = values[0]
		case "sentinel_password":
			o.SentinelPassword = values[0]
		case "cluster":
			cluster = values[0] == "true"
		default:
			return false, fmt.Errorf("knows no %q; there are addr, cluster, master and sentinel_password", name)
		}
	}
	switch {
	case cluster && o.MasterName != "":
		return false, errors.New("is either a Cluster (cluster=true) or behind Sentinel (master=name)")
	case cluster && o.DB != 0:
		return false, errors.New("a Cluster has only database 0")
	case len(o.Addrs) > 1 && !cluster && o.MasterName == "":
		return false, errors.New("several addresses need cluster=true or master=name")
	}
	return cluster, nil
}

func withPort(host string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), "6379")
}
