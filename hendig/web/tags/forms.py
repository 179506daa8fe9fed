"""Forms: one field at a time, one button at a time, each form counted once however often it is sent."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorList
from django.middleware.csrf import get_token
from django.template import Library
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from hendig.web.tags.markup import NOTHING, Reason, attributes, fresh_key, icon_markup, short_id

register = Library()

KINDS = {
    "primary": "utrecht-button utrecht-button--primary-action",
    "secondary": "utrecht-button utrecht-button--secondary-action",
    "quiet": "utrecht-button utrecht-button--subtle",
    "danger": "utrecht-button utrecht-button--secondary-action button-danger",
}
INPUTS = {forms.DateInput: ("date", "%Y-%m-%d"), forms.TimeInput: ("time", "%H:%M")}


def csrf_input(context: Context) -> SafeString:
    request = context.get("request")
    if request is None:
        return NOTHING
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))


def key_input(form: forms.BaseForm | None) -> SafeString:
    """The key of the attempt: the same one again when the form comes back with an error.

    A page that was taken in and asks the next thing has one of its own: with the same it would get the answer
    of before.
    """
    kept = form.data.get("_key") if form is not None and form.errors else None
    return format_html('<input type="hidden" name="_key" value="{}">', kept or fresh_key())


def htmx_attributes(url: str, target: str, swap: str) -> SafeString:
    if not target:
        return NOTHING
    return attributes(hx_post=url or True, hx_target=target, hx_swap=swap or "outerHTML")


def button_markup(
    label: object,
    kind: str,
    icon: str,
    *,
    type: str = "submit",
    refusal: Reason | None = None,
    **extra: object,
) -> SafeString:
    """A button; with a refusal it is greyed out and the reason stands beneath it in words."""
    why = short_id("why") if refusal is not None else ""
    shown = format_html(
        '<button type="{}" class="{}"{}{}>{}<span>{}</span></button>',
        type,
        KINDS[kind],
        attributes(aria_disabled="true" if why else "", aria_describedby=why, disabled=bool(why)),
        attributes(**extra),
        icon_markup(icon),
        label,
    )
    if refusal is None:
        return shown
    return format_html(
        '{}<p class="refusal" id="{}">{}{}</p>', shown, why, icon_markup("info"), refusal.message
    )


@register.simple_tag
def button(
    label: object,
    kind: str = "primary",
    icon: str = "",
    url: str = "",
    *,
    type: str = "submit",
    name: str = "",
    value: object = "",
    refusal: Reason | None = None,
) -> SafeString:
    """A button in a form, or with a url a link that looks like one."""
    if url and refusal is None:
        return format_html(
            '<a class="{}" href="{}">{}<span>{}</span></a>', KINDS[kind], url, icon_markup(icon), label
        )
    return button_markup(label, kind, icon, type=type, refusal=refusal, name=name, value=value)


@register.simple_tag(takes_context=True)
def action(
    context: Context,
    url: str,
    label: object,
    kind: str = "primary",
    icon: str = "",
    refusal: Reason | None = None,
    *,
    target: str = "",
    swap: str = "",
    about: object = "",
    key: str = "",
    file: bool = False,
    **fields: object,
) -> SafeString:
    """A form of one button. `about` is only heard: what it is about; other keywords are sent.

    With `file` the answer is a file: the page stays, and so does its button.
    """
    hidden = format_html_join("", '<input type="hidden" name="{}" value="{}">', fields.items())
    full = format_html('{}<span class="visually-hidden"> {}</span>', label, about) if about else label
    return format_html(
        '<form class="action" method="post" action="{}"{}{}>{}{}{}{}</form>',
        url,
        attributes(data_once=not file),
        htmx_attributes(url, target, swap),
        csrf_input(context),
        key_input(None),
        hidden,
        button_markup(full, kind, icon, refusal=refusal, data_key=key),
    )


@register.simple_tag(takes_context=True)
def form_start(
    context: Context,
    url: str = "",
    form: forms.BaseForm | None = None,
    *,
    draft: object = "",
    target: str = "",
    swap: str = "",
    id: str = "",
) -> SafeString:
    """Opens a POST form. `draft` names the place where half-typed text is kept until it is sent."""
    carries_files = form is not None and form.is_multipart()
    return format_html(
        '<form class="form" method="post" action="{}" novalidate data-once{}{}>{}{}',
        url,
        attributes(id=id, data_draft=draft, enctype="multipart/form-data" if carries_files else ""),
        htmx_attributes(url, target, swap),
        csrf_input(context),
        key_input(form),
    )


@register.simple_tag
def form_end() -> SafeString:
    return SafeString("</form>")


def said(errors: ErrorList) -> list[str]:
    """The errors in our own words: what is left empty is something we would still like to know."""
    empty = gettext("Dit horen we nog graag van u.")
    return [
        empty
        if error.code == "required"
        and str(error.message) == str(forms.Field.default_error_messages["required"])
        else text
        for error in errors.as_data()
        for text in error.messages
    ]


def pointer(form: forms.BaseForm, name: str, text: str) -> SafeString:
    """A sentence that leads to its field."""
    return format_html('<a href="#{}">{}</a> {}', form[name].auto_id, form[name].label, text)


@register.simple_tag
def form_errors(form: forms.BaseForm) -> SafeString:
    """What is still needed, at the top, each a link to its field; nothing when all is well."""
    if not form.is_bound or not form.errors:
        return NOTHING
    items = [
        (pointer(form, name, text) if name in form.fields else format_html("{}", text),)
        for name, errors in form.errors.items()
        for text in said(errors)
    ]
    # A warning that can be set aside brings its box along, so that no page can forget it.
    aside = field(form["address_is_fine"]) if getattr(form, "asks_address", False) else NOTHING
    return format_html(
        '<div class="notice notice-wait" role="alert" tabindex="-1" data-focus>{}<div class="notice-words">'
        '<p class="notice-title">{}</p><ul class="notice-list">{}</ul>{}</div></div>',
        icon_markup("pencil"),
        gettext("Nog even dit, dan kunt u verder"),
        format_html_join("", "<li>{}</li>", items),
        aside,
    )


def described(bound: BoundField, help: object) -> tuple[SafeString, SafeString, str]:
    """Help, errors, and the ids by which the control points at them."""
    base = bound.auto_id or bound.html_name
    help_text = help or bound.help_text
    helping = (
        format_html(
            '<p class="utrecht-form-field-description field-help" id="{}-help">{}</p>', base, help_text
        )
        if help_text
        else NOTHING
    )
    wrong = (
        format_html(
            '<p class="utrecht-form-field-error-message field-error" id="{}-error">{}<span>{}</span></p>',
            base,
            icon_markup("circle-alert"),
            " ".join(said(bound.errors)),
        )
        if bound.errors
        else NOTHING
    )
    ids = [f"{base}-help"] * bool(help_text) + [f"{base}-error"] * bool(bound.errors)
    return helping, wrong, " ".join(ids)


def optional_mark(bound: BoundField) -> SafeString:
    widget = bound.field.widget
    # Nobody doubts that a search may be left out, and what has an answer already cannot be left empty.
    answered = isinstance(widget, forms.RadioSelect) and any(
        str(value) in chosen(bound) for value, _words in widget.choices
    )
    if bound.field.required or answered or isinstance(widget, forms.SearchInput):
        return NOTHING
    return format_html(' <span class="optional">{}</span>', gettext("(mag leeg blijven)"))


def control_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Textarea):
        return "utrecht-textarea"
    return "utrecht-select" if isinstance(widget, forms.Select) else "utrecht-textbox"


def single(bound: BoundField, label: object, help: object, extra: Mapping[str, object]) -> SafeString:
    """A label above one control."""
    widget = bound.field.widget
    lost = isinstance(widget, forms.FileInput) and bound.html_name in bound.form.files and not bound.errors
    again = gettext("Kies het bestand nog een keer: uw browser onthoudt het niet.")
    helping, wrong, ids = described(bound, again if lost else help)
    for kind, (input_type, pattern) in INPUTS.items():
        if isinstance(widget, kind):
            widget.input_type, widget.format = input_type, pattern
    name = control_class(widget)
    attrs: dict[str, str | bool] = {
        "class": f"{name} {name}--invalid" if bound.errors else name,
        "aria-describedby": ids or False,
        "aria-invalid": "true" if bound.errors else False,
    }
    if isinstance(widget, forms.Textarea):
        attrs["rows"] = "4" if str(widget.attrs.get("rows")) == "10" else str(widget.attrs.get("rows"))
    attrs.update({key: value if isinstance(value, bool) else str(value) for key, value in extra.items()})
    control = bound.as_widget(attrs=attrs)
    return format_html(
        '<div class="field{}"><label class="utrecht-form-label" for="{}">{}{}</label>{}{}{}</div>',
        " field-wrong" if bound.errors else "",
        bound.id_for_label,
        label,
        optional_mark(bound),
        helping,
        wrong,
        control,
    )


def group(bound: BoundField, label: object, help: object, look: str, options: SafeString) -> SafeString:
    """A question with answers to tap."""
    helping, wrong, ids = described(bound, help)
    return format_html(
        '<fieldset class="field field-{}{}"{}><legend class="utrecht-form-label">{}{}</legend>{}{}'
        '<div class="{}">{}</div></fieldset>',
        look,
        " field-wrong" if bound.errors else "",
        attributes(id=bound.auto_id, tabindex="-1", aria_describedby=ids),
        label,
        optional_mark(bound),
        helping,
        wrong,
        look,
        options,
    )


def option(
    name: str, value: object, label: object, *, type: str, checked: bool, id: str, required: bool = False
) -> SafeString:
    return format_html(
        '<label class="option" for="{}"><input type="{}" name="{}" value="{}" id="{}"{}>'
        '<span class="option-words">{}</span></label>',
        id,
        type,
        name,
        value,
        id,
        attributes(checked=checked, required=required),
        label,
    )


def chosen(bound: BoundField) -> set[str]:
    value = bound.value()
    return {str(one) for one in value} if isinstance(value, list | tuple) else {str(value)}


def choices(
    bound: BoundField, widget: forms.RadioSelect | forms.CheckboxSelectMultiple, label: object, help: object
) -> SafeString:
    """Big tap cards, one for each answer; the empty choice of Django is left out."""
    several = isinstance(widget, forms.CheckboxSelectMultiple)
    now = chosen(bound)
    shown = format_html_join(
        "",
        "{}",
        (
            (
                option(
                    bound.html_name,
                    value,
                    name,
                    type="checkbox" if several else "radio",
                    checked=str(value) in now,
                    id=f"{bound.auto_id}_{at}",
                ),
            )
            for at, (value, name) in enumerate(pair for pair in widget.choices if pair[0] not in ("", None))
        ),
    )
    return group(bound, label, help, "options", shown)


def tick(bound: BoundField, label: object, help: object) -> SafeString:
    """One box to tick, with the whole card as its label."""
    helping, wrong, ids = described(bound, help)
    control = bound.as_widget(
        attrs={"aria-describedby": ids or False, "aria-invalid": "true" if bound.errors else False}
    )
    return format_html(
        '<div class="field{}">{}<label class="option" for="{}">{}<span class="option-words">{}</span>'
        "</label>{}</div>",
        " field-wrong" if bound.errors else "",
        wrong,
        bound.id_for_label,
        control,
        label,
        helping,
    )


@register.simple_tag
def field(bound: BoundField, *, label: object = "", help: object = "", **extra: object) -> SafeString:
    """A whole field of a form. Other keywords become attributes of the control (autocomplete, rows)."""
    shown = label or bound.label
    widget = bound.field.widget
    if widget.is_hidden:
        return bound.as_hidden()
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return choices(bound, widget, shown, help)
    if isinstance(widget, forms.CheckboxInput):
        return tick(bound, shown, help)
    return single(bound, shown, help, {name.replace("_", "-"): value for name, value in extra.items()})


@register.simple_tag
def scale(
    bound: BoundField,
    *,
    low: object = "",
    high: object = "",
    first: int = 1,
    last: int = 10,
    label: object = "",
    help: object = "",
) -> SafeString:
    """A number between two ends, one tap; works for an IntegerField and for a ChoiceField alike."""
    now = chosen(bound)
    numbers = format_html_join(
        "",
        "{}",
        (
            (option(bound.html_name, n, n, type="radio", checked=str(n) in now, id=f"{bound.auto_id}_{n}"),)
            for n in range(first, last + 1)
        ),
    )
    ends = format_html(
        '<p class="scale-ends"><span>{} = {}</span><span>{} = {}</span></p>', first, low, last, high
    )
    return group(
        bound, label or bound.label, help, "scale", format_html("{}{}", numbers, ends if low or high else "")
    )


@register.simple_tag(takes_context=True)
def switch(
    context: Context,
    url: str,
    label: object,
    *,
    on: bool,
    help: object = "",
    refusal: Reason | None = None,
    target: str = "",
    swap: str = "",
    **fields: object,
) -> SafeString:
    """One thing that is on or off; a tap sends `on=1` or `on=0` at once."""
    help_id = short_id("help")
    hidden = format_html_join("", '<input type="hidden" name="{}" value="{}">', fields.items())
    why = refusal.message if refusal is not None else help
    return format_html(
        '<form class="switch-form" method="post" action="{}" data-once{}>{}{}{}'
        '<button type="submit" role="switch" class="switch" aria-checked="{}" name="on" value="{}"{}>'
        '<span class="switch-label">{}</span><span class="switch-state" aria-hidden="true">{}</span>'
        '<span class="switch-track" aria-hidden="true"></span></button>{}</form>',
        url,
        htmx_attributes(url, target, swap),
        csrf_input(context),
        key_input(None),
        hidden,
        "true" if on else "false",
        "0" if on else "1",
        attributes(disabled=refusal is not None, aria_describedby=help_id if why else ""),
        label,
        gettext("aan") if on else gettext("uit"),
        format_html('<p class="switch-help" id="{}">{}</p>', help_id, why) if why else NOTHING,
    )


@register.simple_tag(takes_context=True)
def search_box(
    context: Context, url: str, label: object, value: object = "", name: str = "q", *, target: str = ""
) -> SafeString:
    """A search form; the key / puts the cursor in it, with a target results follow the typing.

    It is posted, because what is typed may be a name and names stand in no address. Nothing changes by it, so
    it has no key: it may be sent as often as one likes.
    """
    box = short_id("search")
    live = (
        attributes(
            hx_post=url,
            hx_trigger="input changed delay:250ms",
            hx_target=target,
            hx_select=target,
            hx_swap="outerHTML",
        )
        if target
        else NOTHING
    )
    return format_html(
        '<form class="search" role="search" method="post" action="{}">{}'
        '<label class="visually-hidden" for="{}">{}</label>'
        '{}<input class="utrecht-textbox" type="search" id="{}" name="{}"'
        ' value="{}" placeholder="{}" autocomplete="off" data-shortcut="/"{}>'
        '<button class="utrecht-button utrecht-button--secondary-action" type="submit">{}</button></form>',
        url,
        csrf_input(context),
        box,
        label,
        icon_markup("search"),
        box,
        name,
        value or "",
        label,
        live,
        gettext("Zoek"),
    )
