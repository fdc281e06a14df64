"""Sends a message to Discord, with its chart drawn and its file attached."""

import asyncio
import json
from io import BytesIO
from typing import Any

import discord
from discord.http import HTTPClient, Route

from bot.charts.png import chart_png
from bot.discord.limits import ALT_TEXT, Json, cut
from bot.discord.message import Message


def create_message_route(channel_id: int) -> Route:
    """Return the route that posts to a channel or thread."""
    return Route("POST", "/channels/{channel_id}/messages", channel_id=channel_id)


async def send(http: HTTPClient, route: Route, body: Json, message: Message, *, inner: Json | None = None) -> Any:
    """Send the body, with the attachments of the message, and return Discord's answer.

    `inner` is the part of the body that is the message, where that is not the whole body.

    Raises: what the library raises.
    """
    files: list[tuple[str, bytes, str, str]] = []
    inner = body if inner is None else inner
    if message.chart is not None:
        image = await asyncio.to_thread(chart_png, message.chart)
        files.append(("chart.png", image, "image/png", cut(message.chart.alt, ALT_TEXT)))
        inner["embeds"] = [inner["embeds"][0] | {"image": {"url": "attachment://chart.png"}}]
    if message.file is not None:
        name, text = message.file
        files.append((name, text.encode(), "text/plain", ""))
    if not files:
        return await http.request(route, json=body)
    inner["attachments"] = [
        {"id": number, "filename": name} | ({"description": alt} if alt else {})
        for number, (name, _, _, alt) in enumerate(files)
    ]
    attached = [discord.File(BytesIO(content), filename=name) for name, content, _, _ in files]
    form: list[Json] = [{"name": "payload_json", "value": json.dumps(body)}]
    for number, (file, (name, _, content_type, _)) in enumerate(zip(attached, files, strict=True)):
        form.append({"name": f"files[{number}]", "value": file.fp, "filename": name, "content_type": content_type})
    return await http.request(route, files=attached, form=form)
