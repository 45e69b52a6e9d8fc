// Package demo plays the whole journey over HTTP, as the mini-program, a
// clerk's phone and a courier's phone would: one citizen, one village clerk,
// one reviewer, one courier. Every answer is checked.
package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Stage is the instance that is played on.
type Stage struct {
	API    string // base address
	WeChat string // base address of the local WeChat
	Now    func() time.Time
	// MoveTo lets the instance's clock jump forward, so that the day of the
	// appointment need not be waited for.
	MoveTo func(time.Time)
	// Invite makes an invitation to a post and returns its code.
	Invite func(ctx context.Context, p Post) (string, error)
}

// Post is what an invitation is for.
type Post struct{ Role, Name, Office, Department, Company string }

// Play runs the journey and writes a line for each step. It returns how many
// steps there were; an error is a wrong answer, told in full.
func Play(ctx context.Context, s Stage, out io.Writer) (int, error) {
	p := &play{ctx: ctx, stage: s, out: out, http: &http.Client{Timeout: 20 * time.Second}}
	err := p.run()
	if err == nil {
		fmt.Fprintf(out, "journey complete: %d steps\n", p.steps)
	}
	return p.steps, err
}

// play is one run of the journey.
type play struct {
	ctx   context.Context
	stage Stage
	out   io.Writer
	http  *http.Client
	steps int
	asked string // the last request

	citizen, clerk, reviewer, courier *actor

	office, town, appointment, code string // the office chosen, the town's, the visit
	cs                              string // the case
	waybill, oneTime, verify        string
	starts                          time.Time
}

// wrong stops the journey: an answer that is not what it should be.
type wrong struct{ error }

// run plays the acts in order. Inside, a wrong answer panics up to here, which
// keeps each step a single line.
func (p *play) run() (err error) {
	defer func() {
		if w, ok := recover().(wrong); ok {
			err = w.error
		}
	}()
	for _, act := range []func(){
		p.arrive, p.prove, p.find, p.book, p.apply, p.promise,
		p.receive, p.supplement, p.review, p.issue, p.carry, p.judge, p.onTheSpot,
	} {
		act()
	}
	return nil
}

// step does one step and writes its line.
func (p *play) step(who, what string, do func() string) {
	p.steps++
	start := time.Now()
	answer := do()
	ms := float64(time.Since(start).Microseconds()) / 1000
	fmt.Fprintf(p.out, "%3d  %-8s  %-44s  %7.1f ms  %s\n", p.steps, who, what, ms, answer)
}

// expect stops the journey where got is not what was expected.
func (p *play) expect(what string, ok bool, got any) {
	if ok {
		return
	}
	text, err := json.Marshal(got)
	if err != nil {
		text = fmt.Append(nil, got)
	}
	p.stop(string(text), what)
}

// stop ends the journey with the last request, its answer and what should have
// come.
func (p *play) stop(answer, expected string) {
	panic(wrong{fmt.Errorf("step %d\n  request:  %s\n  answer:   %s\n  expected: %s", p.steps, short(p.asked), short(answer), expected)})
}

// short keeps an answer readable on a screen.
func short(text string) string {
	if len(text) <= 2000 {
		return text
	}
	return strings.ToValidUTF8(text[:2000], "") + " …"
}

func (p *play) must(err error) {
	if err != nil {
		panic(wrong{errors.Join(fmt.Errorf("step %d", p.steps), err)})
	}
}

// moveTo lets time pass.
func (p *play) moveTo(t time.Time, why string) {
	p.stage.MoveTo(t)
	fmt.Fprintf(p.out, "     (time)    %s: %s\n", why, p.stage.Now().In(china).Format("2006-01-02 15:04"))
}

var china = time.FixedZone("Asia/Shanghai", 8*3600)
