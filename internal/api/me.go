package api

import (
	"context"
	"net/http"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) me() {
	add(a, operation{
		Route: Route{http.MethodGet, "/me", fleet.Read},
		id:    "me", summary: "Whom the token stands for, and what it may do where",
		sdk: `me, err := c.Me(ctx)`,
	}, a.getMe)
}

func (a *api) getMe(ctx context.Context, _ *struct{}) (*answer[takhti.Me], error) {
	s := a.session(ctx)
	grants, err := grantsOf(ctx, s, s.Actor().Grants)
	if err != nil {
		return nil, err
	}
	me := takhti.Me{Name: s.Actor().Name, Grants: grants}
	home, ok, err := s.Home(ctx)
	if ok {
		ref := refOf(home)
		me.Home = &ref
	}
	return &answer[takhti.Me]{me}, err
}

// grantsOf names the places of grants; those outside the session's scope are
// left out.
func grantsOf(ctx context.Context, s registry.Session, grants []fleet.Grant) ([]takhti.Grant, error) {
	paths := make([]fleet.Path, 0, len(grants))
	for _, g := range grants {
		paths = append(paths, g.Place)
	}
	known, err := s.PlacesAt(ctx, paths...)
	if err != nil {
		return nil, err
	}
	list := make([]takhti.Grant, 0, len(grants))
	for _, g := range grants {
		if p, ok := known[g.Place]; ok || g.Place == "" {
			list = append(list, takhti.Grant{Role: takhti.Role(g.Role.String()), Place: string(p.Code)})
		}
	}
	return list, nil
}
