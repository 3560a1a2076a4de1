package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/demo"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// demoRun is what was asked of the demo.
type demoRun struct {
	serving
	options demo.Options
	noServe bool
}

func (c *cli) demoCommand() *cobra.Command {
	d, folder := &demoRun{}, ""
	cmd := &cobra.Command{
		Use: "demo", Args: arguments(),
		Short: "Make up a country with schools, devices and faults, and serve it",
		Long: `Makes up a country at work, in a data folder of its own: Pakistan's real districts,
invented schools, shipments that come in as workbooks, and eighteen months of what
happens to the devices. Then serves it, and prints a sign-in for each role. Run
again, it begins anew; a register that is not a demo it leaves alone.`,
		RunE: c.action(func(ctx context.Context, _ []string) error {
			c.data = folder
			return c.demo(ctx, d)
		}),
	}
	cmd.Flags().StringVar(&folder, "data", "takhti-demo", "the demo's data folder (TAKHTI_DATA)")
	servingFlags(cmd, &d.serving)
	secondFactorFlag(cmd, &d.serving, nobodyStepped)
	cmd.Flags().Uint64Var(&d.options.Seed, "seed", 1, "another number makes another country")
	cmd.Flags().IntVar(&d.options.Devices, "devices", demo.DefaultDevices, "how many devices, up to 5,000,000")
	cmd.Flags().IntVar(&d.options.Schools, "schools", 0, "how many schools (default 3,200, or as many as the devices need)")
	cmd.Flags().BoolVar(&d.noServe, "no-serve", false, "fill the data folder and end")
	c.jsonFlag(cmd)
	return cmd
}

func (c *cli) demo(ctx context.Context, d *demoRun) error {
	clock := demo.NewClock(time.Now)
	c.now = clock.Now
	if err := d.check(ctx); err != nil {
		return err
	}
	if err := c.clearDemo(); err != nil {
		return err
	}
	reg, err := c.beginEmpty(ctx)
	if err != nil {
		return err
	}
	d.pages, d.log = true, slog.New(slog.NewJSONHandler(c.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	var people []demoSignIn
	d.listening = func(url string) { c.showDemo(url, people) }
	if d.audit, err = c.openLog(reg, "", d.log); err != nil {
		return errors.Join(err, reg.Close())
	}
	h := c.furnish(reg, d.serving)
	if people, err = c.fillDemo(ctx, h, clock, d); err != nil {
		return errors.Join(err, reg.Close())
	}
	if d.noServe {
		c.showDemo("", people)
		return reg.Close()
	}
	return errors.Join(h.run(ctx), reg.Close())
}

// check finds what would be refused later, when the earlier demo is gone.
func (d *demoRun) check(ctx context.Context) error {
	if err := d.options.Check(); err != nil || d.noServe {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", d.addr)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", d.addr, err)
	}
	return l.Close()
}

// fillDemo makes the country up and brings it into the register.
func (c *cli) fillDemo(ctx context.Context, h *house, clock *demo.Clock, d *demoRun) ([]demoSignIn, error) {
	p := startProgress(c.stderr, "making up a country")
	s, err := demo.Fill(ctx, demo.Target{
		Register: h.reg, Clock: clock, Desk: h.desk, Folder: filepath.Join(c.data, demoWorkbooks), Hash: h.auth.HashPassword, Progress: p.set,
	}, d.options)
	p.end()
	if err != nil {
		return nil, err
	}
	c.tell("%s holds a made-up country: %s, %s in %s, %s", c.data, counted(int64(s.Schools), "school"),
		counted(int64(s.Devices), "device"), counted(int64(s.Shipments), "shipment"), counted(int64(s.Faults), "fault"))
	if len(s.Workbooks) > 0 {
		c.tell("the workbooks it came in are in %s", filepath.Join(c.data, demoWorkbooks))
	}
	return demoTokens(ctx, h, s.SignIns)
}

// demoSignIn is how one of the demo's people signs in: what --json prints.
type demoSignIn struct {
	Role     string `json:"role"`
	User     string `json:"user"`
	Password string `json:"password"`
	Token    string `json:"token"`

	EMIS string `json:"emis,omitempty"` // a school signs in with it and the PIN, too,
	PIN  string `json:"pin,omitempty"`
	Card string `json:"card,omitempty"` // and a phone with the address on its card
}

// showDemo tells where the demo is and who can sign in.
func (c *cli) showDemo(url string, people []demoSignIn) {
	if c.json {
		_ = c.printJSON(struct {
			URL    string       `json:"url"`
			SignIn []demoSignIn `json:"sign_in"`
		}{url, people})
		return
	}
	g := &grid{}
	g.add("role", "user", "password")
	for _, p := range people {
		g.add(p.Role, p.User, p.Password)
		if p.PIN != "" {
			g.add(p.Role, p.EMIS, p.PIN+"  (EMIS code and PIN)")
		}
	}
	_ = g.write(c.stdout)
	for _, p := range people {
		if p.Card != "" {
			c.say("\nthe school's sign-in card leads a phone to %s", strings.ToUpper(url)+p.Card)
		}
	}
	c.say("\nprograms sign in with a token, as Bearer or as the password of Basic:")
	tokens := &grid{}
	for _, p := range people {
		tokens.add(p.Role, p.Token)
	}
	_ = tokens.write(c.stdout)
	if url != "" {
		c.say("\ntakhti is at %s: sign in as any of these; Ctrl+C ends it", url)
	}
}

// demoTokens gives each of the demo's people an API token.
func demoTokens(ctx context.Context, h *house, people []demo.SignIn) ([]demoSignIn, error) {
	var list []demoSignIn
	for _, p := range people {
		token, err := h.auth.NewToken(ctx, h.reg.As(registry.Operator()), tokenFor(p))
		if err != nil {
			return nil, err
		}
		person := demoSignIn{Role: p.Role.String(), User: p.User, Password: p.Password, Token: token.Secret}
		if p.Role == fleet.SchoolRole {
			if err := person.issue(ctx, h, p.Place); err != nil {
				return nil, err
			}
		}
		list = append(list, person)
	}
	return list, nil
}

// issue gives the school a PIN and a card.
func (p *demoSignIn) issue(ctx context.Context, h *house, at fleet.PlaceCode) error {
	operator := h.reg.As(registry.Operator())
	school, err := operator.Place(ctx, at)
	if err != nil {
		return err
	}
	made, err := h.auth.IssueSchools(ctx, operator, registry.Request{}, auth.Order{School: school, PIN: true, Card: true})
	if err != nil {
		return err
	}
	p.EMIS, p.PIN, p.Card = school.EMIS, made[0].PIN, made[0].Card.Path()
	return nil
}
