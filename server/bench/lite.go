package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// What is asked of the pages for staff and couriers.
const (
	pageMost   = 30.0 // KiB over the wire
	pageShare  = 0.40 // of the floor
	rowsOnPage = 200
)

// measured are the pages that are weighed.
var measured = []string{"/sign-in", "/", "/today", "/queue", "/give", "/take-in", "/find", "/cases", "/parcels"}

// litePages measures what each page weighs and how many a second there are of
// the one with 200 rows, against Fiber answering as many constant bytes.
func litePages(ctx context.Context, r *Report) error {
	return inFolder(func(dir string) error {
		house, err := r.Open(ctx, dir)
		if err != nil {
			return err
		}
		b, err := newBrowser(ctx, house)
		if err == nil {
			err = errors.Join(b.weigh(ctx, r), b.race(ctx, r))
		}
		return errors.Join(err, house.Close())
	})
}

// browser is a clerk's, signed in to the pages.
type browser struct {
	http.Client
	house House
}

func newBrowser(ctx context.Context, house House) (*browser, error) {
	c, err := gathered(ctx, house, 1, 1)
	if err != nil {
		return nil, err
	}
	name, err := citizen.ParseName("甄样本")
	if err != nil {
		return nil, err
	}
	err = sqlstore.For[staff.Tx](house.DB).InTx(ctx, func(tx staff.Tx) error {
		if err := tx.InsertMember(ctx, staff.Member{
			ID: staff.ID(newID()), Account: c.people[0].ID, Role: staff.WindowStaff, Name: name, Office: c.office, TakenAt: time.Now(),
		}); err != nil {
			return err
		}
		for range rowsOnPage {
			id := newID()
			cs := casework.Case{
				ID: casework.ID(id), Number: id, Edition: 1, Item: bookedItem, Person: c.people[0].Person, Office: c.office,
				State: casework.Draft, Form: map[string]string{}, OpenedAt: time.Now(),
			}
			if err := tx.(casework.Tx).InsertCase(ctx, cs); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	b := &browser{http.Client{Jar: jar, Transport: &http.Transport{DisableCompression: true}}, house}
	return b, b.signIn(ctx, c.tokens[0])
}

var hidden = regexp.MustCompile(`name="(_[a-z]+)" value="([^"]*)"`)

// signIn types the code that the phone shows.
func (b *browser) signIn(ctx context.Context, token string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.house.URL+"/api/v1/me/page-code", nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Idempotency-Key", newID())
	answer, err := b.fetch(req)
	if err != nil {
		return err
	}
	var given struct{ Code string }
	if err := json.Unmarshal(answer, &given); err != nil {
		return err
	}
	page, err := b.page(ctx, "/sign-in", "")
	if err != nil {
		return err
	}
	form := url.Values{"code": {given.Code}}
	for _, m := range hidden.FindAllStringSubmatch(string(page), -1) {
		form.Set(m[1], m[2])
	}
	req, err = http.NewRequestWithContext(ctx, http.MethodPost, b.house.URL+"/lite/sign-in/code", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", b.house.URL)
	_, err = b.fetch(req)
	return err
}

func (b *browser) page(ctx context.Context, path, packed string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.house.URL+"/lite"+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", packed)
	return b.fetch(req)
}

func (b *browser) fetch(req *http.Request) ([]byte, error) {
	resp, err := b.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s %s", req.URL.Path, resp.Status, body)
	}
	return body, err
}

// weigh tells each page's bytes over the wire; each is one request, and needs
// nothing else to be used.
func (b *browser) weigh(ctx context.Context, r *Report) (failed error) {
	for _, path := range measured {
		body, err := b.page(ctx, path, "br")
		if err == nil && bytes.Contains(body, []byte("<html")) {
			err = errors.New("the page was not packed")
		}
		if err != nil {
			return err
		}
		failed = errors.Join(failed, r.Under("/lite"+path+": first load, one request", float64(len(body))/1024, "KiB", pageMost))
	}
	return failed
}

// race lets the list of cases run against constant bytes of its packed size.
func (b *browser) race(ctx context.Context, r *Report) error {
	body, err := b.page(ctx, "/cases", "br")
	if err != nil {
		return err
	}
	at, err := url.Parse(b.house.URL + "/lite/")
	if err != nil {
		return err
	}
	headers := "Accept-Encoding: br\r\n"
	for _, cookie := range b.Jar.Cookies(at) {
		headers += "Cookie: " + cookie.Name + "=" + cookie.Value + "\r\n"
	}
	page, err := newLoadWith(at.Host, []string{"/lite/cases"}, headers)
	if err != nil {
		return err
	}
	defer page.close()
	addr, stop, err := openFloor(len(body))
	if err != nil {
		return err
	}
	defer stop()
	floor, err := newLoad(addr, []string{"/constant"})
	if err != nil {
		return err
	}
	defer floor.close()
	scores, err := race(ctx, r, side{"page", page.run}, side{"floor", floor.run})
	if err != nil {
		return err
	}
	return r.Against(fmt.Sprintf("page of %d cases, packed, against Fiber's constant bytes", rowsOnPage), scores[0].rate(), "1/s", scores[1].rate(), scores[0].to(scores[1]), pageShare)
}
