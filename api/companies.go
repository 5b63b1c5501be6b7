package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// Companies reads one page of the companies.
func (c *Client) Companies(ctx context.Context, cursor string, p work.Priority) (Page[model.Company], error) {
	q := call{op: "list companies", endpoint: EndpointCompanies, method: http.MethodGet, path: "/companies", query: cursorQuery(cursor)}
	page, err := c.companies.join(ctx, c.joinKey(q), p, func(ctx context.Context, u *sharedPriority) (Page[model.Company], error) {
		page, _, err := send(ctx, c, q.as(u), readList[model.Company]("companies"))
		return page, err
	})
	return page, contextErrorOr(q.op, err)
}

// Company reads one company.
func (c *Client) Company(ctx context.Context, id int64, p work.Priority) (model.Company, error) {
	q := call{op: fmt.Sprintf("get company %d", id), endpoint: EndpointCompany, method: http.MethodGet,
		path: "/companies/" + strconv.FormatInt(id, 10), priority: newSharedPriority(p)}
	if id <= 0 {
		return model.Company{}, refused(q.op, "a company's id is a positive number")
	}
	company, _, err := send(ctx, c, q, readOne[model.Company])
	return company, contextErrorOr(q.op, err)
}

// CreateCompany makes a company of a type: lender or sponsor. The key and the
// Receipt are those of Create.
func (c *Client) CreateCompany(ctx context.Context, name, companyType, idempotencyKey string) (model.Company, Receipt, error) {
	q := call{op: "create company", endpoint: EndpointCompanyCreate, method: http.MethodPost, path: "/companies"}
	body, err := json.Marshal(struct {
		Name model.Value `json:"name"`
		Type string      `json:"company_type"`
	}{model.TextValue(name), companyType})
	if err != nil {
		return model.Company{}, Receipt{}, refused(q.op, err.Error())
	}
	q.body = body
	if err := c.prepare(&q, idempotencyKey); err != nil {
		return model.Company{}, Receipt{}, err
	}
	return send(ctx, c, q, readOne[model.Company])
}
