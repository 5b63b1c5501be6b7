package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/levcontacts/levcontacts/api/sandbox"
)

// A service with 1,284 contacts whose first list request fails.
func Example() {
	faults, err := sandbox.ParseFaults("503@list:1")
	if err != nil {
		panic(err)
	}
	s, err := sandbox.New(sandbox.Options{Contacts: 1284, Faults: faults})
	if err != nil {
		panic(err)
	}
	srv := httptest.NewServer(s)
	defer srv.Close()

	for range 2 {
		r, _ := http.NewRequest(http.MethodGet, srv.URL+sandbox.BasePath+"/build/contacts?limit=1&fields=first_name,last_name", nil)
		r.Header.Set("Authorization", "Bearer lev_sk_demo")
		r.Header.Set("X-Origin-App", "example")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			panic(err)
		}
		body, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		fmt.Println(answer.StatusCode, len(body) > 0)
	}
	fmt.Println(s.Requests()[1].Endpoint, s.Total())
	// Output:
	// 503 true
	// 200 true
	// list 1284
}
