package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/yimen-gov/yimen/pkg/city"
)

var _ city.Shelf = (*Shelf)(nil)

// lookEvery is how soon an edition that another process imported is noticed.
const lookEvery = time.Second

// Shelf reads the stored editions and keeps them parsed.
type Shelf struct {
	db      *DB
	mu      sync.RWMutex
	parsed  map[int]*city.Edition
	current *city.Edition
	looked  time.Time
}

// NewShelf makes a shelf over the database.
func NewShelf(db *DB) *Shelf { return &Shelf{db: db, parsed: map[int]*city.Edition{}} }

// Current implements city.Shelf.
func (s *Shelf) Current(ctx context.Context) (*city.Edition, error) {
	s.mu.RLock()
	e, looked := s.current, s.looked
	s.mu.RUnlock()
	if age := s.db.now().Sub(looked); e != nil && age >= 0 && age < lookEvery {
		return e, nil
	}
	return s.look(ctx)
}

func (s *Shelf) look(ctx context.Context) (*city.Edition, error) {
	version, err := s.db.LatestEdition(ctx)
	if err != nil {
		return nil, err
	}
	e, err := s.Edition(ctx, version)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current, s.looked = e, s.db.now()
	return e, nil
}

// Edition implements city.Shelf.
func (s *Shelf) Edition(ctx context.Context, version int) (*city.Edition, error) {
	s.mu.RLock()
	e := s.parsed[version]
	s.mu.RUnlock()
	if e != nil {
		return e, nil
	}
	stored, err := s.db.Edition(ctx, version)
	if err != nil {
		return nil, err
	}
	if e, err = parse(stored); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parsed[version] = e
	return e, nil
}

func parse(stored Edition) (*city.Edition, error) {
	files, err := city.Unpack(stored.Files)
	if err != nil {
		return nil, fmt.Errorf("unpack edition %d: %w", stored.Version, err)
	}
	e, err := city.Read(files)
	if err != nil {
		return nil, errors.New("a stored edition has faults: " + err.Error())
	}
	e.Version = stored.Version
	return e, nil
}
