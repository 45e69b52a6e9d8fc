package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Config is every setting of the service.
type Config struct {
	Env  string `env:"YIMEN_ENV" enum:"development,production" default:"development" help:"development, or production, which refuses to start without real credentials and keys."`
	Addr string `env:"YIMEN_ADDR" default:"127.0.0.1:8080" help:"Address to listen on."`
	Data string `env:"YIMEN_DATA" default:"./var" help:"Folder of the embedded database and files."`
	Keys string `env:"YIMEN_KEYS" help:"File with the keys that seal personal data. Default in development: keys.txt in the data folder, made at the first start."`
	Log  string `env:"YIMEN_LOG" enum:"text,json" default:"text" help:"Form of the log: text or json."`

	WechatAppID     string `name:"wechat-appid" env:"YIMEN_WECHAT_APPID" help:"AppID of the mini-program. Without it a local WeChat is started."`
	WechatSecret    string `name:"wechat-secret" env:"YIMEN_WECHAT_SECRET" help:"AppSecret of the mini-program."`
	WechatToken     string `name:"wechat-token" env:"YIMEN_WECHAT_TOKEN" help:"Token that signs message pushes."`
	WechatAESKey    string `name:"wechat-aes-key" env:"YIMEN_WECHAT_AES_KEY" help:"EncodingAESKey of message pushes, 43 characters."`
	WechatTemplates string `name:"wechat-templates" env:"YIMEN_WECHAT_TEMPLATES" help:"Subscribe message templates: kind=id, comma separated; *=id for every other kind."`

	PopulationURL string `env:"YIMEN_POPULATION_URL" help:"Where names and identity numbers are matched: POST {name, id_number}, answered {match}. The local WeChat plays it."`
	SandboxAddr   string `env:"YIMEN_SANDBOX_ADDR" default:"127.0.0.1:0" help:"Address of the local WeChat; port 0 takes a free one."`
}

// sandboxed says whether the local WeChat stands in for the real one.
func (c *Config) sandboxed() bool { return c.WechatAppID == "" }

func (c *Config) database() string { return filepath.Join(c.Data, "yimen.db") }
func (c *Config) files() string    { return filepath.Join(c.Data, "files") }

// check names everything that a production service lacks, at once.
func (c *Config) check() error {
	if c.Env != "production" {
		if !c.sandboxed() && c.WechatSecret == "" {
			return errors.New("YIMEN_WECHAT_APPID is set, YIMEN_WECHAT_SECRET is missing")
		}
		return nil
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
