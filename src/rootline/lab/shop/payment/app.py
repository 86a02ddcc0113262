"""Charges cards through the bank, once for each order."""

from ..lib import flags
from ..lib.service import Service
from ..lib.wire import Failure, Json, Request
from .quotes import check

service = Service("payment")
bank = service.peer("bank")
store = service.peer("store")
LONGEST_QUOTE_S = float(service.settings.own["quote_valid_s"])
CURRENCY = str(service.settings.own["currency"])


@service.post("/charge")
async def charge(asked: Request) -> Json:
    """Charge a card for a quote; a repeated order gets the receipt of the first time."""
    order, quote = asked.body["order"], asked.body["quote"]
    check(quote, LONGEST_QUOTE_S)
    before = await store.post("/get", table="payments", key=order, default={})
    if before["row"]:
        return {"receipt": before["row"]["receipt"]}
    answer = await bank.post("/authorise", card=asked.body.get("card", ""), cents=quote["total"], currency=CURRENCY)
    if not answer.get("approved"):
        raise Failure(402, "the bank has declined the card")
    await store.post("/put", table="payments", key=order, row={"receipt": answer["receipt"], "cents": quote["total"]})
    service.log.info("order %s charged, receipt %s", order, answer["receipt"])
    mailed = {"mail": answer["mail"]["address"]} if flags.is_on("receipts-by-mail") else {}
    return {**mailed, "receipt": answer["receipt"]}
