"""What the expressions of one session may ask of the world."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any
from uuid import UUID

from intake_app.xforms.definition import FormDefinition
from intake_app.xforms.instance import InstanceNode
from intake_app.xforms.texts import TextShower
from intake_app.xforms.xpath.nodes import Node

if TYPE_CHECKING:
    from intake_app.xforms.recompute import Recompute


class Host:
    """Clock, identities, chance, texts and choice lists; `engine` is set once there is one."""

    def __init__(
        self,
        form: FormDefinition,
        texts: TextShower,
        now: Callable[[], datetime],
        uuid: Callable[[], UUID],
        random: Callable[[], float],
    ) -> None:
        self._form = form
        self._texts = texts
        self._uuid = uuid
        self.now = now
        self.random = random
        self.root = Node("root")
        self.zone: tzinfo | None = now().tzinfo
        self.indexes: dict[Any, dict[str, list[Node]]] = form.model.indexes
        self.engine: Recompute | None = None

    def uuid(self) -> str:
        return str(self._uuid())

    def instance(self, name: str) -> Node | None:
        return self._form.model.secondary.get(name)

    def itext(self, text_id: str) -> str:
        return self._texts.itext(text_id)

    def choice_label(self, question: Node, value: str) -> str:
        if self.engine is None or not isinstance(question, InstanceNode):
            return ""
        return self._texts.choice(question, value, self.engine.frame)
