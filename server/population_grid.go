package main

import (
	"os"
	"sync"
	"time"

	"github.com/yimen-gov/yimen/pkg/circle/coverage"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// populationGrid is the file with where people live, as it lies there now.
type populationGrid struct {
	path string // "" = there is none

	mu     sync.Mutex
	made   time.Time // when the file that was read was written
	people []coverage.Resident
}

// read gives the grid, read anew when its file has changed.
// Errors: coverage.ErrResidents.
func (g *populationGrid) read() ([]coverage.Resident, error) {
	if g.path == "" {
		return nil, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	file, err := os.Open(g.path)
	if err != nil {
		return nil, coverage.ErrResidents.Because(err).With(fault.Field{Path: "YIMEN_POPULATION_GRID", Text: "无法打开这个文件，请联系管理员"})
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || info.ModTime().Equal(g.made) {
		return g.people, err
	}
	people, err := coverage.ReadResidents(file)
	if err != nil {
		return nil, err
	}
	g.people, g.made = people, info.ModTime()
	return people, nil
}
