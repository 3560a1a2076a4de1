// Package takhti is the Go client of a Takhti server, and the types that its
// JSON API sends and receives.
//
//	c, err := takhti.New("https://takhti.example.pk", os.Getenv("TAKHTI_TOKEN"))
//	fault, err := c.ReportFault(ctx, takhti.NewFault{Serial: "5CD3160ABC", Category: takhti.FaultScreen})
//
// Every method takes a context and may be called from many goroutines at once.
// An answer that is not a success is an [*Error] that says what was wrong.
//
// Every write carries an Idempotency-Key, so a client that got no answer can
// repeat it safely: the methods do so by themselves, a few times, when the
// network fails or the server asks to wait. [WithKey] gives a write a key of the
// caller's own, which lets it be repeated even after the calling program died.
//
// The package needs only the standard library.
package takhti
