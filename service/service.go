package service

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/api/budget"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// Options say whom a Service works for and with what. API is required.
type Options struct {
	// API says where the service is. The Service makes its own client of it:
	// Gate is set, Routes and OnRoutes are remembered between runs, OnExchange
	// is called beside the log of requests, and Now, Sleep and NewID are those
	// below where it has none.
	API api.Options
	// Budget says how requests are counted. What a 429 teaches is remembered
	// between runs; OnLearned is called beside that. Limits with
	// budget.SourceConfig are not replaced by what GET /me says.
	Budget budget.Options

	Profile  string
	Profiles []string // that can be switched to
	Version  string   // of this program
	Demo     bool
	ReadOnly string // why nothing may be written, "" when it may
	// ExportDir is where result files go; "" is the current folder.
	ExportDir string

	// OpenCache opens the copy of the contacts, nil for none. Its
	// store.Identity must differ for keys of different accounts. OpenState
	// opens the drafts, the journal and the facts; nil keeps them in memory for
	// this run, as a demo does. Where it fails, nothing is written. Both are called at most once, not before something is needed.
	OpenCache func(context.Context) (*store.Cache, error)
	OpenState func(context.Context) (*store.State, error)

	// Keys signs in; nil when that is not possible, as in a demo.
	Keys Keys
	// Views are the named views of the configuration; nil keeps them for this run.
	Views Views
	// OnProblem is told, each problem once, what went wrong with the files that
	// are kept. It must be safe for concurrent use and return soon.
	OnProblem func(string)
	// Redact takes secrets out of the report; nil leaves it as it is.
	Redact func(string) string

	Now   func() time.Time // nil is time.Now
	NewID func() string    // a different text every time; nil makes UUIDs
}

// Keys is where the key of the profile comes from and goes to.
type Keys interface {
	// Try asks the service about a key without using it for anything else.
	Try(ctx context.Context, key string) (api.Me, error)
	// Use makes a key the one that is sent from now on.
	Use(key string)
	// Keep stores a key where the profile keeps its key.
	Keep(ctx context.Context, key string) error
}

// Views is where named views are kept.
type Views interface {
	Views() ([]work.View, error)
	SaveView(work.View) error
	RemoveView(name string) error
}

// Service is the work of one profile. It is safe for concurrent use.
type Service struct {
	o        Options
	budget   *budget.Budget
	log      *requestLog
	client   once[*api.Client]
	state    once[*store.State]
	copy     keptCopy
	sending  sending
	writing  keyedMutex
	runs     runBook
	problems onceSet
	warned   onceSet // of unsure creates
	seen     seen

	stateFailure stateFailure

	account accountBook
	// askedLimits is set when GET /me was asked, or need not be, for the limits.
	askedLimits atomic.Bool

	life     context.Context // ends with Close
	end      context.CancelFunc
	mu       sync.Mutex // guards closed
	closed   bool
	underWay sync.WaitGroup
}

// New checks the options and makes a Service. It opens and sends nothing. The
// error is that of api.New.
func New(o Options) (*Service, error) {
	o = withDefaults(o)
	s := &Service{o: o, log: &requestLog{}, client: newOnce[*api.Client](), state: newOnce[*store.State]()}
	s.life, s.end = context.WithCancel(context.Background())
	s.account.readOnly = o.ReadOnly
	s.copy.init(s)
	s.budget = budget.New(s.o.Budget)
	if _, err := api.New(s.apiOptions(api.RoutesUnknown)); err != nil {
		s.end()
		return nil, err
	}
	return s, nil
}

func withDefaults(o Options) Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = uuid.NewString
	}
	if o.Redact == nil {
		o.Redact = func(s string) string { return s }
	}
	if o.Views == nil {
		o.Views = &passingViews{}
	}
	if o.API.Now == nil {
		o.API.Now = o.Now
	}
	if o.API.NewID == nil {
		o.API.NewID = o.NewID
	}
	if o.Budget.Now == nil {
		o.Budget.Now = o.Now
	}
	if o.API.Sleep == nil {
		o.API.Sleep = sleep
	}
	if o.Budget.Sleep == nil {
		o.Budget.Sleep = o.API.Sleep
	}
	o.API.ReadOnly = o.API.ReadOnly || o.ReadOnly != ""
	if o.API.ReadOnly {
		o.ReadOnly = cmp.Or(o.ReadOnly, "this program was started read-only")
	}
	return o
}

func (s *Service) apiOptions(routes api.Routes) api.Options {
	o := s.o.API
	o.RateLimiter, o.Routes = rateLimit{s.budget}, routes
	o.OnExchange = func(e api.Exchange) {
		s.log.add(e)
		if s.o.API.OnExchange != nil {
			s.o.API.OnExchange(e)
		}
	}
	o.OnRoutes = func(r api.Routes) {
		s.setFact(s.life, factRoutes, r.String())
		if s.o.API.OnRoutes != nil {
			s.o.API.OnRoutes(r)
		}
	}
	return o
}

// remote is the client, made when the facts of earlier runs are known.
func (s *Service) remote(ctx context.Context) (*api.Client, error) {
	return s.client.get(ctx, func(ctx context.Context) (*api.Client, error) {
		s.recallLimits(ctx)
		routes := s.recallRoutes(ctx)
		if ctx.Err() != nil {
			return nil, &model.Error{Kind: model.KindCanceled, Message: "stopped", Cause: ctx.Err()}
		}
		return api.New(s.apiOptions(routes))
	})
}

// enter begins something that Close waits for. The context ends with the
// caller's or with the Service.
func (s *Service) enter(ctx context.Context) (context.Context, func(), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, nil, &model.Error{Kind: model.KindCanceled, Message: "the program is ending"}
	}
	s.underWay.Add(1)
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(s.life, cancel)
	return ctx, func() {
		stop()
		cancel()
		s.underWay.Done()
	}, nil
}

// Close stops what is under way, waits for it to be noted, and closes what is
// kept. A write that was stopped is unknown in the journal and is looked up by
// the next run. Calls after Close fail with model.KindCanceled.
func (s *Service) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	s.end()
	s.underWay.Wait()
	err := s.copy.close()
	if st, opened := s.state.value(); opened {
		if e := st.Close(); err == nil {
			err = e
		}
	}
	return err
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// refused is something that this program does not send or do.
func refused(op, why string, args ...any) *model.Error {
	return &model.Error{Kind: model.KindRefused, Op: op, Message: fmt.Sprintf(why, args...)}
}

// onceSet knows what it has met.
type onceSet struct {
	mu   sync.Mutex
	seen map[string]bool
}

// add reports whether the text is new.
func (s *onceSet) add(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen[text] {
		return false
	}
	if s.seen == nil {
		s.seen = map[string]bool{}
	}
	s.seen[text] = true
	return true
}

func (s *Service) problem(format string, args ...any) {
	text := strings.TrimSpace(fmt.Sprintf(format, args...))
	if s.problems.add(text) && s.o.OnProblem != nil {
		s.o.OnProblem(text)
	}
}
