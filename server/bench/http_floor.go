package bench

import (
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/catalog"
)

// asked is what people type into the search, in words and in pinyin.
var asked = []string{
	"上户口", "开餐馆", "办身份证", "身份证丢了", "居住证", "社保卡", "公积金提取", "办护照", "驾驶证到期换证", "结婚登记",
	"退休", "低保", "营业执照", "老年人补贴", "医保报销", "shk", "kcg", "jiehun", "gjj", "营业执照怎么办理",
}

// httpFloor compares the service with the least that could answer: Fiber with
// one route and constant bytes, as many as the measured answer has on average.
// The load generator runs on the same cores, so only ratios say something.
func httpFloor(ctx context.Context, r *Report) error {
	dir, err := os.MkdirTemp("", "yimen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	house, err := r.Open(ctx, dir)
	if err != nil {
		return err
	}
	addr := strings.TrimPrefix(house.URL, "http://")
	sample, err := catalog.Read(foshan.Files)
	if err != nil {
		return errors.Join(err, house.Close())
	}
	err = errors.Join(
		besideFloor(ctx, r, "catalogue search, 20 common queries", addr, searches(asked)),
		besideFloor(ctx, r, "catalogue search, all queries different", addr, searches(typed(sample))),
		besideFloor(ctx, r, "item guide, all items", addr, guides(sample)),
	)
	return errors.Join(err, house.Close())
}

func searches(queries []string) (targets []string) {
	for _, q := range queries {
		targets = append(targets, "/api/v1/items?q="+url.QueryEscape(q))
	}
	return targets
}

func guides(c *catalog.Catalogue) (targets []string) {
	for _, item := range c.Items() {
		targets = append(targets, "/api/v1/items/"+url.PathEscape(string(item.Code)))
	}
	return targets
}

// besideFloor races the targets against a floor of the same size of answer.
func besideFloor(ctx context.Context, r *Report, what, addr string, targets []string) error {
	return besideFloorBy(ctx, r, 0.60, what, addr, targets)
}

func besideFloorBy(ctx context.Context, r *Report, share float64, what, addr string, targets []string) error {
	ours, err := newLoad(addr, targets)
	if err != nil {
		return err
	}
	defer ours.close()
	size, err := ours.sizes()
	if err != nil {
		return err
	}
	floorAddr, stop, err := openFloor(size)
	if err != nil {
		return err
	}
	defer stop()
	floor, err := newLoad(floorAddr, []string{"/constant"})
	if err != nil {
		return err
	}
	defer floor.close()
	scores, err := race(ctx, r, side{what, ours.run}, side{"floor", floor.run})
	if err != nil {
		return err
	}
	house, least := scores[0], scores[1]
	return errors.Join(
		r.Tell(what+": mean answer", float64(size), "bytes"),
		r.Against(what+" against Fiber's constant JSON of the same size", house.rate(), "1/s", least.rate(), house.to(least), share),
		r.Beside(what+" p99, beside the floor's", house.ms(0.99), "ms", least.ms(0.99), house.ms(0.99)/least.ms(0.99)),
	)
}

// openFloor answers every GET and POST with a constant JSON of size bytes.
func openFloor(size int) (addr string, stop func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	body := []byte(`{"a":"` + strings.Repeat("x", max(0, size-len(`{"a":""}`))) + `"}`)
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	answer := func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
		return c.Send(body)
	}
	app.Get("/constant", answer)
	app.Post("/constant", answer)
	go func() { _ = app.Listener(l) }()
	return l.Addr().String(), app.Shutdown, nil
}
