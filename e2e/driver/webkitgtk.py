#!/usr/bin/python3
"""The browser that WebKitWebDriver starts: a bare WebKitGTK window with a profile of its own.

Arguments: --profile=DIR, --features=A,B (switched on), --dark=1, --size=WIDTHxHEIGHT.
"""
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

options = dict(arg[2:].split("=", 1) for arg in sys.argv[1:] if "=" in arg)
profile = options["profile"]
wanted_features = options.get("features", "").split(",")
width, height = map(int, options.get("size", "1280x800").split("x"))

if options.get("dark"):
    Gtk.Settings.get_default().set_property("gtk-application-prefer-dark-theme", True)

data = WebKit2.WebsiteDataManager(
    base_data_directory=f"{profile}/data", base_cache_directory=f"{profile}/cache"
)
context = WebKit2.WebContext(website_data_manager=data)
context.set_automation_allowed(True)

settings = WebKit2.Settings()
features = WebKit2.Settings.get_all_features()
for feature in (features.get(i) for i in range(features.get_length())):
    if feature.get_identifier() in wanted_features:
        settings.set_feature_enabled(feature, True)


def create_view(_session):
    view = WebKit2.WebView(
        web_context=context, settings=settings, is_controlled_by_automation=True
    )
    window = Gtk.Window(default_width=width, default_height=height)
    window.add(view)
    window.show_all()
    view.connect("close", lambda _view: window.destroy())
    return view


def on_automation_started(_context, session):
    info = WebKit2.ApplicationInfo.new()
    info.set_name("webkitgtk")
    info.set_version(WebKit2.get_major_version(), WebKit2.get_minor_version(), 0)
    session.set_application_info(info)
    session.connect("create-web-view", create_view)


context.connect("automation-started", on_automation_started)
Gtk.main()
