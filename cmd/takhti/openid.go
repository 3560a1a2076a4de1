package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/web"
)

// openIDSecret is the variable that holds the client's secret, where no file does:
// a flag would show it to everybody who lists the computer's processes.
const openIDSecret = "TAKHTI_OPENID_SECRET"

// openIDFlags say where people may sign in instead of here.
type openIDFlags struct {
	auth.OpenID
	secretFile string
}

func (f *openIDFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.ClientID, "openid-client-id", "", "the client ID that Google gave, to let people sign in with Google (TAKHTI_OPENID_CLIENT_ID)")
	flags.StringVar(&f.secretFile, "openid-secret-file", "", "the file with the client's secret; or give the secret as "+openIDSecret)
	flags.StringSliceVar(&f.Domains, "openid-domains", nil, "the organisations whose accounts are taken, such as school.edu.pk,moe.gov.pk (TAKHTI_OPENID_DOMAINS)")
	flags.StringVar(&f.Issuer, "openid-issuer", auth.Google, "another provider of OpenID Connect (TAKHTI_OPENID_ISSUER)")
	flags.StringVar(&f.Name, "openid-name", "Google", "what the pages call the provider (TAKHTI_OPENID_NAME)")
	flags.BoolVar(&f.TwoSteps, "openid-two-steps", false, "the provider lets nobody in by a password alone: ask for no second step here (TAKHTI_OPENID_TWO_STEPS)")
}

// read completes the settings; nil when people sign in here only.
func (f *openIDFlags) read(public string) (*auth.OpenID, error) {
	secret := os.Getenv(openIDSecret)
	switch {
	case f.ClientID == "" && secret == "" && f.secretFile == "":
		return nil, nil
	case secret != "" && f.secretFile != "":
		return nil, usageError("the client's secret is given twice: by --openid-secret-file and by " + openIDSecret)
	case f.secretFile != "":
		text, err := os.ReadFile(f.secretFile)
		if err != nil {
			return nil, fmt.Errorf("cannot read the client's secret: %w", err)
		}
		secret = string(text)
	}
	o := f.OpenID
	o.Secret, o.Callback = auth.ClientSecret(strings.TrimSpace(secret)), public+web.CallbackPath
	if err := o.Check(); err != nil {
		return nil, usageError(err.Error())
	}
	return &o, nil
}
