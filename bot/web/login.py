"""Signing in with the access token, and out: signing out ends the sessions of all browsers."""

from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from bot.web.context import WebContext
from bot.web.security import count_wrong_token, own_path
from bot.web.sessions import COOKIE, SESSION

_SETTING: Final = "WIREWATCH_TOKEN"


def login_routes(context: WebContext) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    access = context.access

    def form(problem: str, next_path: str, status: int) -> HTMLResponse:
        return HTMLResponse(
            context.render("login.html", problem=problem, next=next_path, setting=_SETTING), status_code=status
        )

    @router.get("/login")
    async def ask(next: str = "/") -> Response:
        return form("", own_path(next), 200) if access.requires_login else RedirectResponse("/", status_code=303)

    @router.post("/login")
    async def sign_in(
        request: Request, token: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "/"
    ) -> Response:
        next_path = own_path(next)
        if not access.is_valid_token(token.strip()):
            wait = await count_wrong_token(access, request)
            if not wait:
                return form("This token is not correct.", next_path, 401)
            answer = form("Too many wrong tokens. Wait a few minutes, then try again.", next_path, 429)
            answer.headers["Retry-After"] = str(wait)
            return answer
        signed_in = RedirectResponse(next_path, status_code=303)
        signed_in.set_cookie(
            COOKIE,
            await access.sessions.create(),
            max_age=int(SESSION.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return signed_in

    @router.post("/logout")
    async def sign_out() -> Response:
        await access.sessions.end_all()
        signed_out = RedirectResponse("/login", status_code=303)
        signed_out.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return signed_out

    return router
