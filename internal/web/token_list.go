package web

import (
	"crypto/sha256"
	"fmt"
	"sort"
	"strconv"
	"time"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

const tokensAddress = "/tokens"

// tokensPage is where people make and end what lets programs and spreadsheets in, and
// see that of the accounts that they look after.
type tokensPage struct {
	own, others []tokenRow
	more        bool // there are others that the page does not show
	form        form // to make one of either kind, whichever was sent
	roles       []choice
	place       string // that the visitor has a role at, for a form to begin with
	byCard      bool   // a phone makes none
	made        *madeToken
	notice      *notice
}

// tokenRow is a token as the page shows it.
type tokenRow struct {
	auth.ListedToken
	grants string // "Viewer: Lahore"
	live   bool
}

// madeToken is a token that was just made: the one time that it is shown.
type madeToken struct {
	name, secret string // of a feed its whole address
	feed         bool
	until        time.Time
}

// mostTokens is how many tokens of others the page shows.
const mostTokens = 200

func (v *visit) listTokens() (reply, error) {
	return v.tokensReply(tokensPage{form: blankForm("add_feed"), notice: v.takeNotice()})
}

func (v *visit) tokensReply(p tokensPage) (reply, error) {
	all, err := v.Auth.Tokens(v.ctx, v.session)
	if err != nil {
		return reply{}, err
	}
	sort.Slice(all, func(i, j int) bool { return all[i].ID > all[j].ID })
	own, others := []auth.ListedToken{}, []auth.ListedToken{}
	for _, t := range all {
		if t.User == v.actor.User {
			own = append(own, t)
		} else {
			others = append(others, t)
		}
	}
	p.more = len(others) > mostTokens
	if p.own, err = v.tokenRows(own); err != nil {
		return reply{}, err
	}
	if p.others, err = v.tokenRows(others[:min(len(others), mostTokens)]); err != nil {
		return reply{}, err
	}
	if p.place, err = v.firstPlace(); err != nil {
		return reply{}, err
	}
	p.roles, p.byCard = v.rolesToHold(), v.actor.Via == registry.ViaCard
	return p.form.again(show(v.say("token.list"), tokensBody(v.view, p))), nil
}

func (v *visit) tokenRows(list []auth.ListedToken) ([]tokenRow, error) {
	grants := make([][]fleet.Grant, 0, len(list))
	for _, t := range list {
		grants = append(grants, t.Grants)
	}
	words, err := v.grantWords(grants)
	if err != nil {
		return nil, err
	}
	rows := make([]tokenRow, 0, len(list))
	for i, t := range list {
		rows = append(rows, tokenRow{ListedToken: t, grants: words[i], live: t.Live(v.now)})
	}
	return rows, nil
}

// firstPlace is the code of the place of the visitor's first role; empty: everywhere.
func (v *visit) firstPlace() (string, error) {
	if len(v.actor.Grants) == 0 {
		return "", nil
	}
	first := v.actor.Grants[0].Place
	at, err := v.session.PlacesAt(v.ctx, first)
	return string(at[first].Code), err
}

// rolesToHold are those that a token of the visitor's can have.
func (v *view) rolesToHold() (list []choice) {
	for _, r := range fleet.Roles() {
		if v.actor.MayHold(r) {
			list = append(list, choice{value: r.String(), label: v.word("role", r.String())})
		}
	}
	return list
}

// lives are for how long a token can be made.
func (v *view) lives() (list []choice) {
	for _, days := range []int{30, 90, 180, 365} {
		list = append(list, choice{value: strconv.Itoa(days), label: v.say("token.days", "n", days)})
	}
	return list
}

// changeTokens does what a form about tokens asks for.
func (v *visit) changeTokens() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	switch f := formOf(values); f.name {
	case "add_feed", "add_token":
		return v.addToken(f)
	case "revoke_token":
		return v.revokeToken(f, tokensAddress)
	}
	return reply{}, errUnknownForm
}

// addToken answers with the secret itself: no address of a page and no cookie may
// hold it.
func (v *visit) addToken(f form) (reply, error) {
	spec, err := v.newToken(f)
	var made auth.MadeToken
	if err == nil {
		made, err = v.Auth.NewToken(v.ctx, v.session, spec)
	}
	if err == nil {
		shown := &madeToken{name: spec.Name, secret: made.Secret, feed: made.Feed, until: made.Expires}
		if made.Feed {
			shown.secret = v.publicURL() + made.Path()
		}
		return v.tokensReply(tokensPage{form: blankForm("add_feed"), made: shown})
	}
	f, ok := v.reject(f, err, "expires", "days")
	if !ok {
		return reply{}, err
	}
	return v.tokensReply(tokensPage{form: f})
}

// newToken is what the form asks for. The digest stands for it, since secrets are
// others each time.
func (v *visit) newToken(f form) (spec auth.TokenSpec, err error) {
	spec.Feed, spec.Name = f.name == "add_feed", f.value("name")
	role := fleet.Viewer
	if !spec.Feed {
		if role, err = fleet.ParseRole(f.value("role")); err != nil {
			return spec, err
		}
	}
	days, err := strconv.Atoi(f.value("days"))
	if err != nil {
		return spec, fleet.Invalidf("token.days", "choose how long it is to live").In("days")
	}
	spec.Grants = []registry.UserGrant{{Role: role, Place: fleet.PlaceCode(f.value("place"))}}
	spec.Expires = v.now.Add(time.Duration(days) * 24 * time.Hour).UTC().Truncate(time.Second)
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %q %v %d", f.name, spec.Name, spec.Grants, days))
	spec.Request = registry.Request{ID: f.key, Digest: sum[:]}
	return spec, nil
}
