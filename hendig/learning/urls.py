from hendig.learning import views
from hendig.people.rules import Permission
from hendig.people.urls import route

urlpatterns = [route("leren/", views.learning, name="learning", needs=Permission.SEE_FIGURES)]
