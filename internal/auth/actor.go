package auth

import (
	"context"

	"github.com/takhti-edu/takhti/internal/registry"
)

type actorKey struct{}

// WithActor returns a context that carries who is asking.
func WithActor(ctx context.Context, a registry.Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorOf is who is asking; ok is false when nobody is signed in.
func ActorOf(ctx context.Context) (a registry.Actor, ok bool) {
	a, ok = ctx.Value(actorKey{}).(registry.Actor)
	return a, ok
}
