package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/storage/blob"
)

// ErrNotReady tells a load balancer to send nobody here, and why.
var ErrNotReady = fault.New(fault.Unavailable, "service.not_ready", "服务正在恢复，请稍后再试").After(2)

// readyMost is how long a probe waits for the database.
const readyMost = 3 * time.Second

// ready says whether requests can be answered. Only what no request can do
// without counts: were Redis or the store of files to count, their failure
// would take every instance out of service at once.
func (in *instance) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyMost)
	defer cancel()
	name := in.conf.engineName()
	if err := in.db.Ready(ctx); err != nil {
		return ErrNotReady.With(fault.Field{Path: name, Text: "数据库连不上或不能写入"}).Because(fmt.Errorf("%s: %w", name, err))
	}
	if _, err := in.shelf.Current(ctx); err != nil {
		return ErrNotReady.With(fault.Field{Path: "city", Text: "城市数据读不出来"}).Because(err)
	}
	return nil
}

func (c *Config) engineName() string {
	if c.DB != "" {
		return "postgresql"
	}
	return "sqlite"
}

// notes say what works less well than it should, each under its name.
func (in *instance) notes() (list []string) {
	if in.cacheGone() {
		list = append(list, "redis: the shared cache cannot be reached: this process counts alone, and grants less")
	}
	if in.filesGone.Load() {
		list = append(list, "s3: the store of files cannot be reached: uploads and downloads are refused, all else goes on")
	}
	return list
}

func (in *instance) cacheGone() bool { return in.shared != nil && !in.shared.Well() }

// askFiles finds out whether the store of files answers; the first failure is
// logged, and that it is back.
func (in *instance) askFiles(ctx context.Context) error {
	if !strings.HasPrefix(in.conf.Files, bucketScheme) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	body, _, err := in.rooms.files.Get(ctx, "owner")
	if err == nil {
		err = body.Close()
	}
	gone := err != nil && !errors.Is(err, blob.ErrNoFile)
	switch was := in.filesGone.Swap(gone); {
	case gone && !was:
		in.log.Error("the store of files cannot be reached", "err", err)
	case was && !gone:
		in.log.Info("the store of files is back")
	}
	return nil
}
