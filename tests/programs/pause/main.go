// The program of a pod's sandbox: it holds the pod's namespaces until it is told to end.
//
// Started as `pause answer PORT` it answers HTTP with its own name instead, so that a pod can be seen to run.
package main

import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGINT, syscall.SIGTERM)
	if len(os.Args) == 3 && os.Args[1] == "answer" {
		go answer(os.Args[2])
	}
	go reap()
	<-end
}

func answer(port string) {
	host, _ := os.Hostname()
	http.HandleFunc("/", func(out http.ResponseWriter, _ *http.Request) { fmt.Fprintln(out, host) })
	fmt.Fprintln(os.Stderr, http.ListenAndServe(":"+port, nil))
	os.Exit(1)
}

// reap waits for children that were left to process 1.
func reap() {
	children := make(chan os.Signal, 1)
	signal.Notify(children, syscall.SIGCHLD)
	for range children {
		for {
			id, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
			if err != nil || id <= 0 {
				break
			}
		}
	}
}
