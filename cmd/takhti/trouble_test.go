package main

import (
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/takhti-edu/takhti/internal/readproc"
)

// troubleFile, in the folder in which a server runs, says what happens to the
// processes that read its uploads. They get no environment that could.
const troubleFile = "trouble"

// mainOrTrouble is the program, but for what the tests do to those processes.
func mainOrTrouble() {
	how, err := os.ReadFile(troubleFile)
	if len(os.Args) != 2 || os.Args[1] != readRowsName || err != nil {
		part, _ := strconv.Atoi(os.Getenv(partVariable)) // none: as usual
		os.Exit((&cli{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, part: part}).run(os.Args[1:]))
	}
	if err := readproc.Serve(os.Stdin, &troubled{out: os.Stdout, how: string(how)}); err != nil {
		panic(err)
	}
}

// troubled is the pipe of a process to which something happens with its second
// frame, the first with rows, or with the second piece of a copy.
type troubled struct {
	out            io.Writer
	how            string
	frames, pieces int
}

const (
	whenCopying = ", copying" // behind what happens
	copyFrame   = 4           // as package readproc numbers the pieces of a copy
)

func (f *troubled) Write(frame []byte) (int, error) {
	f.frames++
	if frame[0] == copyFrame {
		f.pieces++
	}
	how, copying := strings.CutSuffix(f.how, whenCopying)
	if copying && f.pieces == 2 || !copying && f.frames == 2 {
		switch how {
		case "dies":
			new(sync.Mutex).Unlock() // a fatal error, from which no Go program recovers
		case "waits":
			time.Sleep(time.Hour)
		}
	}
	return f.out.Write(frame)
}
