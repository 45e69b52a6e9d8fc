package city

import "context"

// Shelf keeps the editions of the city. The rooms take what is in force from
// it, and a case goes back to the edition that it was accepted under.
type Shelf interface {
	// Current is the edition in force. It is cheap to ask on every request.
	Current(ctx context.Context) (*Edition, error)
	// Edition is one edition by its version.
	Edition(ctx context.Context, version int) (*Edition, error)
}
