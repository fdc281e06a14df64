"""Signing in with the access token: a form, and a signed cookie that does not contain it."""

from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from bot.web.context import Desk
from bot.web.security import COOKIE, SESSION, own_path

_SETTING: Final = "WIREWATCH_TOKEN"


def login_routes(desk: Desk) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    access = desk.access

    def form(problem: str, place: str, status: int) -> HTMLResponse:
        return HTMLResponse(
            desk.render("login.html", problem=problem, next=place, setting=_SETTING), status_code=status
        )

    @router.get("/login")
    async def ask(next: str = "/") -> Response:
        return form("", own_path(next), 200) if access.closed else RedirectResponse("/", status_code=303)

    @router.post("/login")
    async def sign_in(
        request: Request, token: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "/"
    ) -> Response:
        address = request.client.host if request.client else ""
        place = own_path(next)
        wait = access.limiter.wait(address)
        if wait:
            answer = form("Too many wrong tokens. Wait a few minutes, then try again.", place, 429)
            answer.headers["Retry-After"] = str(wait)
            return answer
        if not access.right_token(token.strip()):
            access.limiter.failed(address)
            return form("This is not the token of this bot.", place, 401)
        signed_in = RedirectResponse(place, status_code=303)
        signed_in.set_cookie(
            COOKIE,
            access.new_session(),
            max_age=int(SESSION.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return signed_in

    @router.post("/logout")
    async def sign_out() -> Response:
        signed_out = RedirectResponse("/login", status_code=303)
        signed_out.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return signed_out

    return router
