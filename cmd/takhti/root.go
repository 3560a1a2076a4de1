package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// cli is one run of the program: its streams, and the flags that several
// commands share.
type cli struct {
	stdin          io.Reader
	stdout, stderr io.Writer

	data   string // the data folder
	server string // work through this server instead
	token  string
	json   bool

	now      func() time.Time // the register's clock; nil: the computer's
	part     int              // rows of an import that go in together; zero: as many as usual
	database *database        // the one that is open; nil: none
	log      *slog.Logger     // of a server; nil: none
	command  *cobra.Command   // the one that was asked for
	began    bool             // it was called rightly, and runs
}

const about = `Takhti is the register of a school Chromebook rollout: every device, from the
assembler's carton to the classroom and back.

Try it:          takhti demo
Run it:          takhti serve
Bring data in:   takhti import places schools.xlsx
                 takhti import shipment packing-list.xlsx --shipment S-1 --to PK601
Ask it:          takhti counts --by place`

func (c *cli) execute(ctx context.Context, args []string) error {
	root := c.root()
	root.SetArgs(args)
	command, err := root.ExecuteContextC(ctx)
	c.command = command
	return err
}

func (c *cli) root() *cobra.Command {
	root := &cobra.Command{
		Use: "takhti", Long: about,
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return fromEnvironment(cmd) },
	}
	root.SetFlagErrorFunc(flagError)
	root.SetIn(c.stdin)
	root.SetOut(c.stdout)
	root.SetErr(c.stderr)
	groups := []struct {
		title    string
		commands []*cobra.Command
	}{
		{"Running the register:", []*cobra.Command{c.demoCommand(), c.serveCommand(), c.pingCommand()}},
		{"Working on it:", []*cobra.Command{
			c.importCommand(), c.templateCommand(), c.exportCommand(), c.countsCommand(), c.deviceCommand(), c.faultCommand(), c.shipmentCommand(),
		}},
		{"Who may use it:", []*cobra.Command{c.userCommand(), c.tokenCommand()}},
		{"Looking after it:", []*cobra.Command{c.verifyCommand(), c.auditCommand(), c.backupCommand(), c.restoreCommand(), c.retentionCommand(), c.schemaCommand(), c.versionCommand()}},
	}
	for _, g := range groups {
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
		for _, cmd := range g.commands {
			cmd.GroupID = g.title
			root.AddCommand(cmd)
		}
	}
	root.AddCommand(exitCodesTopic(), c.checkFileCommand(), c.readRowsCommand())
	plainUsage(root)
	return root
}

// plainUsage shows of each command what it takes, without "[flags]".
func plainUsage(cmd *cobra.Command) {
	cmd.DisableFlagsInUseLine = true
	for _, member := range cmd.Commands() {
		plainUsage(member)
	}
}

// flagError leaves of a refused flag the sentence that says why.
func flagError(_ *cobra.Command, err error) error {
	var why *fleet.Error
	if errors.As(err, &why) {
		return why
	}
	return err
}

// action makes a command's function from one of ours, and notes that the
// command was called rightly: every error from here on is not one of usage.
func (c *cli) action(fn func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		c.began = true
		return fn(cmd.Context(), args)
	}
}

// family is a command that only holds others: without one of them it is used wrongly.
func family(use, short string, members ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, RunE: func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return fmt.Errorf("there is no command %q", cmd.CommandPath()+" "+args[0])
		}
		return fmt.Errorf("what to do is missing: %s %s", cmd.CommandPath(), strings.Join(memberNames(cmd), "|"))
	}}
	cmd.AddCommand(members...)
	return cmd
}

func memberNames(family *cobra.Command) (names []string) {
	for _, member := range family.Commands() {
		names = append(names, member.Name())
	}
	return names
}

// arguments says what a command takes beside its flags, by names for people.
func arguments(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return fmt.Errorf("%s is missing: %s", names[len(args)], cmd.UseLine())
		case len(args) > len(names):
			return fmt.Errorf("%q is one argument too many: %s", args[len(names)], cmd.UseLine())
		}
		return nil
	}
}

// environment are the flags that an environment variable can stand for.
var environment = []string{
	"data", "server", "token", "addr", "public-url", "second-factor",
	"openid-client-id", "openid-secret-file", "openid-domains", "openid-issuer", "openid-name", "openid-two-steps",
}

// fromEnvironment sets flags that were not given from TAKHTI_DATA and the like.
// A data folder named on the command line is meant, whatever TAKHTI_SERVER says.
func fromEnvironment(cmd *cobra.Command) error {
	flags := cmd.Flags()
	local := flags.Changed("data") && !flags.Changed("server")
	for _, name := range environment {
		flag, variable := flags.Lookup(name), "TAKHTI_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		value := os.Getenv(variable)
		if flag == nil || flag.Changed || value == "" || local && name == "server" {
			continue
		}
		if err := flag.Value.Set(value); err != nil {
			return fmt.Errorf("%s: %w", variable, err)
		}
	}
	if flags.Changed("data") && flags.Changed("server") {
		return fmt.Errorf("give --data or --server, not both")
	}
	return nil
}

// needs makes flags necessary. Cobra refuses only names of flags that are not there.
func needs(cmd *cobra.Command, flags ...string) {
	for _, name := range flags {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(err)
		}
	}
}

// progressing shows a step while fn runs.
func (c *cli) progressing(step string, fn func() error) error {
	p := startProgress(c.stderr, step)
	defer p.end()
	return fn()
}

func (c *cli) dataFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.data, "data", "takhti-data", "the data folder (TAKHTI_DATA)")
}

// registerFlags are those of a command that works on the register's data, here
// or on a server.
func (c *cli) registerFlags(cmd *cobra.Command) {
	c.dataFlag(cmd)
	cmd.Flags().StringVar(&c.server, "server", "", "work through the server at this URL (TAKHTI_SERVER)")
	cmd.Flags().StringVar(&c.token, "token", "", "the API token for --server (TAKHTI_TOKEN)")
	c.jsonFlag(cmd)
}

func (c *cli) jsonFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&c.json, "json", false, "print JSON")
}
