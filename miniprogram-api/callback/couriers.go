package callback

import (
	"context"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
)

// CouriersPath is where courier companies tell of a parcel:
//
//	POST /callback/couriers/{waybill}/order   what became of an order
//	POST /callback/couriers/{waybill}/track   how the parcel's track goes on
//
// Both take a form of sign and param, signed with the salt that was drawn for
// this one order, and answer {"result": true, "returnCode": "200"} once it is
// stored, and again where it comes twice. A wrong signature and a waybill of
// which no company was asked are the same 403.
const CouriersPath = "/callback/couriers/"

// Listener takes what companies tell. Errors tell why it was not taken.
type Listener func(ctx context.Context, waybill, about string, form url.Values) error

// Couriers adds their routes. The gate is the signature.
func Couriers(app *api.App, hear Listener) {
	for _, about := range []string{"order", "track"} {
		app.Fiber.Post(CouriersPath+":waybill/"+about, func(c *fiber.Ctx) error {
			form, err := url.ParseQuery(string(c.Body()))
			if err != nil {
				form = url.Values{} // then the signature is missing
			}
			if err := hear(c.UserContext(), c.Params("waybill"), about, form); err != nil {
				return err
			}
			return c.JSON(fiber.Map{"result": true, "returnCode": "200", "message": "成功"})
		})
	}
}
