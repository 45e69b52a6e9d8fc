package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/seal"
	"github.com/yimen-gov/yimen/server/outbound/clamd"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// Config is every setting of the service.
type Config struct {
	Env  string `env:"YIMEN_ENV" enum:"development,production" default:"development" help:"development, or production, which refuses to start without real credentials and keys."`
	Addr string `env:"YIMEN_ADDR" default:"127.0.0.1:8080" help:"Address to listen on."`
	Data string `env:"YIMEN_DATA" default:"./var" help:"Folder of the embedded database and files."`
	DB   string `name:"db" env:"YIMEN_DB" help:"PostgreSQL 14 or newer in place of the embedded database: postgres://user:password@host:5432/name. Several hosts: postgres://user@one,two/name?target_session_attrs=read-write."`

	DBConns int `name:"db-conns" env:"YIMEN_DB_CONNS" default:"16" help:"Connections to PostgreSQL that read at once; two more write."`

	Keys string `env:"YIMEN_KEYS" help:"File with the keys that seal personal data. Default in development: keys.txt in the data folder, made at the first start."`
	Log  string `env:"YIMEN_LOG" enum:"text,json" default:"text" help:"Form of the log: text or json."`

	WechatAppID     string `name:"wechat-appid" env:"YIMEN_WECHAT_APPID" help:"AppID of the mini-program. Without it a local WeChat is started."`
	WechatSecret    string `name:"wechat-secret" env:"YIMEN_WECHAT_SECRET" help:"AppSecret of the mini-program."`
	WechatToken     string `name:"wechat-token" env:"YIMEN_WECHAT_TOKEN" help:"Token that signs message pushes."`
	WechatAESKey    string `name:"wechat-aes-key" env:"YIMEN_WECHAT_AES_KEY" help:"EncodingAESKey of message pushes, 43 characters."`
	WechatTemplates string `name:"wechat-templates" env:"YIMEN_WECHAT_TEMPLATES" help:"Subscribe message templates: kind=id, comma separated; *=id for every other kind."`

	WechatBaseURL string `name:"wechat-base-url" env:"YIMEN_WECHAT_BASE_URL" help:"Address of a local WeChat that runs by itself (server wechat-sandbox). Development only, and not together with an AppID."`
	ContentCheck  string `env:"YIMEN_CONTENT_CHECK" enum:"off,texts,all" default:"texts" help:"What WeChat's content check is asked about: off, texts (ratings, appeals, pleas for time or for a review), or all, which lets WeChat fetch uploaded pictures as well and needs YIMEN_PUBLIC_URL."`
	PublicURL     string `env:"YIMEN_PUBLIC_URL" help:"Address of the service as the internet sees it, such as https://yimen.example.gov.cn."`

	PopulationURL string `env:"YIMEN_POPULATION_URL" help:"Where names and identity numbers are matched: POST {name, id_number}, answered {match}. The local WeChat plays it."`
	RegistryURL   string `env:"YIMEN_REGISTRY_URL" help:"Where legal representatives and guardians are checked: POST /representative and /guardian under it. In development a sample stands in; in production, without it, nobody acts for an organisation or a child."`
	Hub           string `env:"YIMEN_HUB" help:"Address of the city's data hub, which is asked for what need not be handed in (server hub-sandbox plays it). In development a local one is started; in production, without it, no shared base is asked."`
	HubKeys       string `env:"YIMEN_HUB_KEYS" help:"File with the keys that sign what goes to the data hub, a line a base or system: name, id of the key, secret in hex. In production it is needed with YIMEN_HUB."`
	Redis         string `env:"YIMEN_REDIS" help:"Redis for short-lived state that replicas share: redis://[user:password@]host[:port][/number], rediss:// for TLS; ?cluster=true or ?master=name for Cluster or Sentinel, further nodes as &addr=host:port. Without it each process counts for itself."`
	RedisPrefix   string `env:"YIMEN_REDIS_PREFIX" default:"yimen:" help:"What the keys in Redis begin with; another one for each city that shares a Redis."`

	Metrics string        `env:"YIMEN_METRICS" help:"Address at which Prometheus reads metrics, such as 127.0.0.1:9464: one that the public does not reach. Without it there is none."`
	Slow    time.Duration `env:"YIMEN_SLOW" default:"2s" help:"Requests that take as long are logged; 0 for none."`

	Limits         string `env:"YIMEN_LIMITS" enum:"on,off" default:"on" help:"Limits on how often an address or an account may ask: on, or off for a measurement."`
	TrustedProxies string `env:"YIMEN_TRUSTED_PROXIES" help:"Addresses and networks of the proxies before the service, comma separated; only theirs X-Forwarded-For is believed."`

	Kuaidi100Key    string `name:"kuaidi100-key" env:"YIMEN_KUAIDI100_KEY" help:"Key at Kuaidi100, through which couriers.csv orders carriers. Without it, in development, a local company plays its part; in production companies with an interface cannot be chosen."`
	Kuaidi100Secret string `name:"kuaidi100-secret" env:"YIMEN_KUAIDI100_SECRET" help:"Secret at Kuaidi100."`
	Kuaidi100URL    string `name:"kuaidi100-url" env:"YIMEN_KUAIDI100_URL" help:"Where orders go instead of Kuaidi100 itself, such as its sandbox."`
	SenderPhone     string `env:"YIMEN_SENDER_PHONE" help:"Telephone that a carrier calls when it fetches a parcel from an office."`

	RoadIndex      string `env:"YIMEN_ROAD_INDEX" help:"File with the road index that server circle build makes. Default: roads.index in the data folder. Without it travel times are straight-line estimates."`
	PopulationGrid string `env:"YIMEN_POPULATION_GRID" help:"CSV with where people live (lng, lat in WGS-84, people), by which coverage counts residents beside ground. Read anew when it changes."`
	OSRM           string `name:"osrm" env:"YIMEN_OSRM" help:"OSRM servers for travel times: mode=URL, comma separated; modes walk, ebike, car."`
	TencentKey     string `env:"YIMEN_TENCENT_KEY" help:"Key of Tencent Location Service, asked for travel times where no OSRM is."`

	Files       string `env:"YIMEN_FILES" help:"Where files are kept: a folder, or s3://host[:port]/bucket?region=…&plain&virtual&encrypt&public=https://…, with keys in YIMEN_S3_ACCESS_KEY and YIMEN_S3_SECRET_KEY. Default: files in the data folder."`
	FilesBefore string `env:"YIMEN_FILES_BEFORE" help:"Where files were kept before, while server files move brings them over: what is not found in YIMEN_FILES is read there."`
	GradeC      string `name:"grade-c" env:"YIMEN_GRADE_C" enum:"as_written,softer,stricter" default:"as_written" help:"How credit grade C is read: as the rules write it, softer (like B), or stricter (like D)."`
	Clamd       string `name:"clamd" env:"YIMEN_CLAMD" help:"ClamAV daemon that examines uploads: tcp://host:port or unix:///path. Where it is set and does not answer, nothing is taken in."`

	SandboxAddr string `env:"YIMEN_SANDBOX_ADDR" default:"127.0.0.1:0" help:"Address of the local WeChat; port 0 takes a free one."`
}

// sandboxed says whether the local WeChat stands in for the real one.
func (c *Config) sandboxed() bool { return c.WechatAppID == "" }

// self is the service's own address, "" where the port is not known yet.
func (c *Config) self() string {
	if c.Addr == "" || strings.HasSuffix(c.Addr, ":0") {
		return ""
	}
	return "http://" + c.Addr
}

// pictures is the address that WeChat fetches pictures from, "" where it is
// not asked about any.
func (c *Config) pictures() string {
	if c.ContentCheck != "all" {
		return ""
	}
	return strings.TrimSuffix(c.PublicURL, "/")
}

// doctor is who examines uploads, nil where nobody is asked.
func (c *Config) doctor() (scan.Doctor, error) {
	if c.Clamd == "" {
		return nil, nil
	}
	return clamd.Parse(c.Clamd)
}

// store is where the database is, for whoever has the keys.
func (c *Config) store(keys *seal.Keyring, now func() time.Time) sqlstore.Config {
	return sqlstore.Config{Path: c.database(), URL: c.DB, Conns: c.DBConns, Keys: keys, Now: now}
}

func (c *Config) database() string { return filepath.Join(c.Data, "yimen.db") }
func (c *Config) roads() string    { return cmp.Or(c.RoadIndex, filepath.Join(c.Data, "roads.index")) }
func (c *Config) files() string    { return cmp.Or(c.Files, filepath.Join(c.Data, "files")) }

// fits names settings that do not go together, wherever the service runs.
func (c *Config) fits() error {
	switch {
	case c.WechatBaseURL != "" && c.Env == "production":
		return errors.New("YIMEN_WECHAT_BASE_URL is for development: a service in production speaks to WeChat itself")
	case c.WechatBaseURL != "" && !c.sandboxed():
		return errors.New("YIMEN_WECHAT_BASE_URL is set together with YIMEN_WECHAT_APPID: real credentials go to WeChat alone")
	case c.Env != "production" && !c.sandboxed() && c.WechatSecret == "":
		return errors.New("YIMEN_WECHAT_APPID is set, YIMEN_WECHAT_SECRET is missing")
	case c.DB != "" && !strings.HasPrefix(c.DB, "postgres://") && !strings.HasPrefix(c.DB, "postgresql://"):
		return errors.New("YIMEN_DB is the address of a PostgreSQL: postgres://user:password@host:5432/name")
	case c.DBConns < 0 || c.DBConns > 1000:
		return errors.New("YIMEN_DB_CONNS is a number from 1 to 1000")
	case c.Kuaidi100Key != "" && (c.Kuaidi100Secret == "" || c.PublicURL == "" || c.SenderPhone == ""):
		return errors.New("YIMEN_KUAIDI100_KEY needs YIMEN_KUAIDI100_SECRET, YIMEN_SENDER_PHONE and YIMEN_PUBLIC_URL, to which the company reports")
	case c.Env == "production" && c.Hub != "" && c.HubKeys == "":
		return errors.New("YIMEN_HUB needs YIMEN_HUB_KEYS in production: the keys of the local data hub are no secret")
	case c.ContentCheck == "all" && c.PublicURL == "":
		return errors.New("YIMEN_CONTENT_CHECK=all needs YIMEN_PUBLIC_URL, from which WeChat fetches the pictures")
	}
	return nil
}

// check names everything that a production service lacks, at once.
func (c *Config) check() error {
	if err := c.fits(); err != nil || c.Env != "production" {
		return err
	}
	var missing []string
	for _, need := range []struct{ name, value string }{
		{"YIMEN_WECHAT_APPID", c.WechatAppID},
		{"YIMEN_WECHAT_SECRET", c.WechatSecret},
		{"YIMEN_WECHAT_TOKEN", c.WechatToken},
		{"YIMEN_WECHAT_AES_KEY", c.WechatAESKey},
		{"YIMEN_POPULATION_URL", c.PopulationURL},
		{"YIMEN_KEYS", c.Keys},
	} {
		if need.value == "" {
			missing = append(missing, need.name)
		}
	}
	if c.Keys != "" {
		if _, err := os.Stat(c.Keys); err != nil {
			missing = append(missing, "the file that YIMEN_KEYS names")
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("YIMEN_ENV=production needs: %s", strings.Join(missing, ", "))
	}
	return nil
}
