package sqlstore

import "context"

// tracedKey is where a request carries who follows its statements.
type tracedKey struct{}

// Traced lets follow see each statement that runs under ctx: its text, whose
// values are marks, and, by the function that it returns, how it ended.
func Traced(ctx context.Context, follow func(ctx context.Context, text string) func(error)) context.Context {
	return context.WithValue(ctx, tracedKey{}, follow)
}

// traced begins a statement.
func traced(ctx context.Context, text string) func(error) {
	follow, ok := ctx.Value(tracedKey{}).(func(context.Context, string) func(error))
	if !ok {
		return func(error) {}
	}
	return follow(ctx, text)
}
