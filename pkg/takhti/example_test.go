package takhti_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

// register stands in for a server: it answers each address with the same text.
func register(answers map[string]string) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, ok := answers[r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api/v1")]
		if !ok {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusNotFound)
			answer = `{"status":404,"title":"Not Found","code":"device.not_found","detail":"there is no device NOBODY in the register"}`
		}
		io.WriteString(w, answer)
	}))
}

func ExampleNew() {
	c, err := takhti.New("https://takhti.example.pk", os.Getenv("TAKHTI_TOKEN"))
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = c // c.Me(ctx) tells whom the token stands for
	_, err = takhti.New("takhti.example.pk", "")
	fmt.Println(err)
	// Output: "takhti.example.pk" is not the address of a server: write it as https://takhti.example.pk
}

func ExampleClient_ReportFault() {
	ts := register(map[string]string{"POST /faults": `{"ref":"F-00169","serial":"5CD3160ABC","state":"reported"}`})
	defer ts.Close()
	c, _ := takhti.New(ts.URL, "takhti_…")

	fault, err := c.ReportFault(context.Background(), takhti.NewFault{
		Serial: "5CD3160ABC", Category: takhti.FaultScreen, Severity: takhti.Unusable, Note: "cracked in one corner",
	})
	fmt.Println(fault.Ref, fault.State, err)
	// Output: F-00169 reported <nil>
}

func ExampleClient_Devices() {
	ts := register(map[string]string{"GET /devices": `{"items":[{"serial":"5CD3160ABC","place":"PK6-37330250"},{"serial":"5CD3160ABD","place":"PK6-37330251"}]}`})
	defer ts.Close()
	c, _ := takhti.New(ts.URL, "takhti_…")

	for d, err := range c.Devices(context.Background(), takhti.DeviceQuery{Place: "PK601", Status: takhti.StatusLost}) {
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(d.Serial, "at", d.Place)
	}
	// Output:
	// 5CD3160ABC at PK6-37330250
	// 5CD3160ABD at PK6-37330251
}

func ExampleClient_Counts() {
	ts := register(map[string]string{"GET /counts": `{"place":"PK","as_of":"2026-06-30","rows":[{"status":"issued","count":120},{"status":"lost","count":3}],"total":123}`})
	defer ts.Close()
	c, _ := takhti.New(ts.URL, "takhti_…")

	n, err := c.Counts(context.Background(), takhti.CountQuery{Place: "PK", AsOf: "2026-06-30"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range n.Rows {
		fmt.Println(row.Status, row.Count)
	}
	fmt.Println("total", n.Total)
	// Output:
	// issued 120
	// lost 3
	// total 123
}

func ExampleClient_CommitImport() {
	ts := register(map[string]string{
		"POST /imports":             `{"id":"I-17","rows":4998,"new":4998,"digest":"9f2c"}`,
		"POST /imports/I-17/commit": `{"id":"I-17","state":"applied","rows":4998,"new":4998}`,
	})
	defer ts.Close()
	c, _ := takhti.New(ts.URL, "takhti_…")
	ctx := context.Background()

	plan, err := c.UploadImport(ctx, takhti.Upload{
		Kind: takhti.ImportShipment, FileName: "lot3.csv", File: strings.NewReader("Serial Number\n5CD3160ABC\n"),
		Shipment: "HP-2026-017", To: "PK601-STORE",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d rows, %d new, %d problems\n", plan.Rows, plan.New, plan.ProblemCount)

	done, err := c.CommitImport(ctx, plan.ID, takhti.Commit{Digest: plan.Digest})
	fmt.Println(done.ID, done.State, err)
	// Output:
	// 4998 rows, 4998 new, 0 problems
	// I-17 applied <nil>
}

func ExampleError() {
	ts := register(nil)
	defer ts.Close()
	c, _ := takhti.New(ts.URL, "takhti_…")

	_, err := c.Device(context.Background(), "NOBODY")
	var e *takhti.Error
	if errors.As(err, &e) {
		fmt.Println(e.Code)
	}
	fmt.Println(err)
	// Output:
	// device.not_found
	// there is no device NOBODY in the register
}

func ExampleWithKey() {
	ts := register(map[string]string{"POST /devices/5CD3160ABC/retire": `{"serial":"5CD3160ABC","status":"retired"}`})
	defer ts.Close()
	c, _ := takhti.New(ts.URL, "takhti_…")

	// A key that a job makes of its own data lets the whole job be run again.
	ctx := takhti.WithKey(context.Background(), "retirements-2026-06/5CD3160ABC")
	d, err := c.RetireDevice(ctx, "5CD3160ABC")
	fmt.Println(d.Status, err)
	// Output: retired <nil>
}
