package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// link is what a command works on the register through: the API of a server, or
// that of the data folder's register, opened in this process. Either way it is
// the same client, so a command need not know which.
type link struct {
	*takhti.Client
	local *house // nil with a server
}

// opening is how a command wants the data folder's register opened.
type opening func(context.Context) (*registry.Register, error)

// through runs fn on the register, and closes it afterwards.
func (c *cli) through(ctx context.Context, open opening, fn func(link) error) error {
	if c.server != "" {
		client, err := takhti.New(c.server, c.token, takhti.WithUserAgent("takhti/"+version))
		if err != nil {
			return usageError(err.Error())
		}
		return fn(link{Client: client})
	}
	reg, err := open(ctx)
	if err != nil {
		return err
	}
	h := c.furnish(reg, serving{})
	client, err := takhti.New("http://register", "",
		takhti.WithTries(1), takhti.WithHTTPClient(&http.Client{Transport: inProcess{asOperator(h.server.Engine())}}))
	if err == nil {
		err = fn(link{Client: client, local: h})
	}
	h.desk.Stop()
	return errors.Join(c.explain(err), reg.Close())
}

// explain puts what the store itself said in the place of the API's answer,
// which keeps such detail from strangers.
func (c *cli) explain(err error) error {
	var answer *takhti.Error
	if c.database == nil || !errors.As(err, &answer) || answer.Status < http.StatusInternalServerError {
		return err
	}
	if cause := c.database.trouble.Load(); cause != nil {
		return *cause
	}
	return err
}

// asOperator answers every request as one of whoever has the data folder.
func asOperator(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(auth.WithActor(r.Context(), registry.Operator())))
	})
}
